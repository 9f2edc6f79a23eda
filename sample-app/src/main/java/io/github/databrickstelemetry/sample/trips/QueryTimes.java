package io.github.databrickstelemetry.sample.trips;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/**
 * How long the application itself waits for its statements, measured without telemetry, so that one can see whether
 * telemetry disturbs them. Thread-safe.
 */
@Component
public class QueryTimes {

    private static final int DURATIONS_KEPT = 10_000;

    /**
     * What ended since the last look.
     *
     * @param millis how long each statement took, in no order
     * @param total statements ended since the start
     * @param failed those of them that failed
     */
    public record Window(List<Double> millis, long total, long failed) {}

    private List<Double> millis = new ArrayList<>();
    private long total;
    private long failed;

    /** Runs it and remembers how long it took. */
    public <T> T measure(Supplier<T> statement) {
        long start = System.nanoTime();
        boolean succeeded = false;
        try {
            T result = statement.get();
            succeeded = true;
            return result;
        } finally {
            add((System.nanoTime() - start) / (double) TimeUnit.MILLISECONDS.toNanos(1), succeeded);
        }
    }

    private synchronized void add(double duration, boolean succeeded) {
        total++;
        failed += succeeded ? 0 : 1;
        if (millis.size() < DURATIONS_KEPT) {
            millis.add(duration);
        }
    }

    /** What ended since the last call of this method. */
    public synchronized Window next() {
        Window window = new Window(millis, total, failed);
        millis = new ArrayList<>();
        return window;
    }
}
