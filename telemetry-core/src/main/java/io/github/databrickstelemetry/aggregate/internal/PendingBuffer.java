package io.github.databrickstelemetry.aggregate.internal;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.SessionMetric;
import io.github.databrickstelemetry.event.ErrorDetails;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where finished metrics wait to be sent, in their order. Bounded: when it is full, the oldest metric without an error
 * goes first, and only if there is none the oldest error. Not thread-safe.
 */
public final class PendingBuffer {

    private final int capacity;
    // Two queues, so that finding the oldest metric without an error takes no search; the numbers keep the order.
    private final ArrayDeque<Waiting> plain = new ArrayDeque<>();
    private final ArrayDeque<Waiting> errors = new ArrayDeque<>();
    private long tail;
    private long head;

    private record Waiting(long number, TelemetryMetric metric) {}

    public PendingBuffer(int capacity) {
        this.capacity = capacity;
    }

    /**
     * Appends a metric.
     *
     * @return how many metrics had to go for it, the new one possibly among them: 0 or 1
     */
    public int add(TelemetryMetric metric) {
        queueOf(metric).addLast(new Waiting(tail++, metric));
        return trim();
    }

    /**
     * Puts metrics of an export that failed back to the front, in their order.
     *
     * @return how many metrics had to go
     */
    public int putBack(List<TelemetryMetric> metrics) {
        for (int i = metrics.size() - 1; i >= 0; i--) {
            TelemetryMetric metric = metrics.get(i);
            queueOf(metric).addFirst(new Waiting(--head, metric));
        }
        return trim();
    }

    /**
     * Takes the oldest metrics out.
     *
     * @param maxCount at most so many
     * @param maxBytes at most so many estimated bytes, but always one metric
     * @return possibly empty
     */
    public List<TelemetryMetric> nextBatch(int maxCount, long maxBytes) {
        List<TelemetryMetric> batch = new ArrayList<>(Math.min(maxCount, size()));
        long bytes = 0;
        while (batch.size() < maxCount) {
            ArrayDeque<Waiting> queue = oldest();
            Waiting next = queue.peekFirst();
            if (next == null) {
                break;
            }
            bytes += estimatedBytes(next.metric());
            if (bytes > maxBytes && !batch.isEmpty()) {
                break;
            }
            queue.removeFirst();
            batch.add(next.metric());
        }
        return batch;
    }

    /** Discards everything and says how many metrics that were. */
    public int clear() {
        int size = size();
        plain.clear();
        errors.clear();
        return size;
    }

    /** How many metrics wait. */
    public int size() {
        return plain.size() + errors.size();
    }

    /** Stands for everything that was ever added until now. */
    public long mark() {
        return tail;
    }

    /** Whether anything waits that was added before the mark. */
    public boolean hasBefore(long mark) {
        Waiting next = oldest().peekFirst();
        return next != null && next.number() < mark;
    }

    private int trim() {
        int dropped = 0;
        while (size() > capacity) {
            (plain.isEmpty() ? errors : plain).removeFirst();
            dropped++;
        }
        return dropped;
    }

    private ArrayDeque<Waiting> queueOf(TelemetryMetric metric) {
        return metric.error() == null ? plain : errors;
    }

    private ArrayDeque<Waiting> oldest() {
        Waiting first = plain.peekFirst();
        Waiting error = errors.peekFirst();
        return first == null || (error != null && error.number() < first.number()) ? errors : plain;
    }

    /** Roughly the size on the wire, so that a batch seldom has to be split where it is written. */
    static long estimatedBytes(TelemetryMetric metric) {
        long bytes = 512;
        if (metric instanceof SessionMetric) {
            // These carry the system's and the connection's description.
            bytes += 2048;
        }
        ErrorDetails error = metric.error();
        if (error != null) {
            bytes += error.exceptionClass().length() + length(error.stackFrames()) + length(error.message());
        }
        return bytes;
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }
}
