package io.github.databrickstelemetry.sample.load;

import io.github.databrickstelemetry.sample.trips.TripQueries;
import jakarta.annotation.PreDestroy;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** Runs statements at a steady rate until told otherwise. Thread-safe. */
@Component
public class SteadyLoad {

    /** The highest rate that can be asked for, in statements a second. */
    public static final int MOST = 50;

    /** As many as the pool has connections: what is due while all are busy is left out. */
    private final Semaphore free;

    private final TripQueries queries;
    private final AtomicLong number = new AtomicLong();
    private int perSecond;
    private @Nullable Ticker ticker;

    private final ExecutorService executor = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "sample-load");
        thread.setDaemon(true);
        return thread;
    });

    SteadyLoad(TripQueries queries, @Value("${spring.datasource.hikari.maximum-pool-size:4}") int connections) {
        this.queries = queries;
        this.free = new Semaphore(connections);
    }

    /** The rate at present, in statements a second; 0 where there is none. */
    public synchronized int perSecond() {
        return perSecond;
    }

    /** Sets the rate, in statements a second, at most {@link #MOST}; 0 stops. */
    public synchronized void set(int rate) {
        stop();
        perSecond = Math.max(0, Math.min(rate, MOST));
        if (perSecond > 0) {
            ticker = new Ticker(perSecond, () -> executor.execute(this::runOne));
        }
    }

    @PreDestroy
    synchronized void close() {
        stop();
        executor.shutdownNow();
    }

    private void stop() {
        if (ticker != null) {
            ticker.close();
            ticker = null;
        }
        perSecond = 0;
    }

    private void runOne() {
        if (!free.tryAcquire()) {
            return;
        }
        try {
            long n = number.getAndIncrement();
            switch ((int) (n % 20)) {
                case 7 -> queries.longest(6_000);
                case 3, 11, 17 -> queries.segments();
                case 1, 5, 9, 13, 15 -> queries.byHour(10001);
                default -> queries.top(5);
            }
        } catch (DataAccessException e) {
            // Counted where it was measured; the load goes on.
        } finally {
            free.release();
        }
    }
}
