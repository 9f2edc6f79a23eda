package io.github.databrickstelemetry.aggregate.internal;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.SessionMetric;
import io.github.databrickstelemetry.event.ErrorDetails;
import java.util.Deque;
import java.util.LinkedList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finished metrics that wait to be sent, in their order. Bounded by number and by bytes: when it is full, the oldest metric
 * without an error goes first, and the oldest error only if all metrics are errors. A lack of memory loses no metric: a
 * change is made as a whole, or throws and changes nothing. Not thread-safe.
 */
@SuppressWarnings("JdkObsolete") // An ArrayDeque that cannot grow for want of memory loses its elements.
public final class PendingBuffer {

    /** Heap that the metrics of one client may take: four times 10,000 metrics without messages. */
    public static final long MAX_BYTES = 20L << 20;

    private final int capacity;
    private final long maxBytes;
    // Two lists, so that finding the oldest metric without an error takes no search; the numbers keep the order.
    private final Deque<Entry> plain = new LinkedList<>();
    private final Deque<Entry> errors = new LinkedList<>();
    private long tail;
    private long head;
    private long bytes;

    private record Entry(TelemetryMetric metric, long number) {}

    /** @param maxBytes the maximum of the metrics' estimated heap bytes */
    public PendingBuffer(int capacity, long maxBytes) {
        this.capacity = capacity;
        this.maxBytes = maxBytes;
    }

    /**
     * Appends a metric.
     *
     * @return the number of metrics that were dropped for it, the new one possibly among them
     */
    public int add(TelemetryMetric metric) {
        list(metric).addLast(new Entry(metric, tail));
        tail++;
        bytes += retainedBytes(metric);
        return trim();
    }

    /**
     * Puts metrics of a failed export back to the front, in their order.
     *
     * @return the number of metrics that were dropped
     */
    public int putBack(List<TelemetryMetric> metrics) {
        int back = 0;
        try {
            for (; back < metrics.size(); back++) {
                TelemetryMetric metric = metrics.get(metrics.size() - 1 - back);
                list(metric).addFirst(new Entry(metric, head - 1));
                head--;
                bytes += retainedBytes(metric);
            }
        } catch (Throwable outOfMemory) {
            for (; back > 0; back--) {
                removeFirst(oldest());
            }
            throw outOfMemory;
        }
        return trim();
    }

    private int trim() {
        int dropped = 0;
        for (; size() > capacity || bytes > maxBytes; dropped++) {
            removeFirst(plain.isEmpty() ? errors : plain);
        }
        return dropped;
    }

    /**
     * Takes the oldest metrics out.
     *
     * @param maxCount the maximum number
     * @param maxWireBytes the maximum of their estimated bytes on the wire; one metric is always taken
     * @param alone metrics that share a batch with no other
     * @param batch takes the metrics; must have room for {@code maxCount} without growing
     */
    public void nextBatch(
            int maxCount, long maxWireBytes, Predicate<TelemetryMetric> alone, List<TelemetryMetric> batch) {
        long wireBytes = 0;
        while (batch.size() < maxCount && size() > 0) {
            Deque<Entry> oldest = oldest();
            TelemetryMetric metric = oldest.getFirst().metric;
            wireBytes += estimatedBytes(metric);
            boolean isAlone = alone.test(metric);
            if ((isAlone || wireBytes > maxWireBytes) && !batch.isEmpty()) {
                return;
            }
            batch.add(metric);
            removeFirst(oldest);
            if (isAlone) {
                return;
            }
        }
    }

    /** Discards everything and returns the number of metrics. */
    public int clear() {
        int size = size();
        plain.clear();
        errors.clear();
        bytes = 0;
        return size;
    }

    public int size() {
        return plain.size() + errors.size();
    }

    /** The estimated heap bytes of the metrics that wait. */
    public long bytes() {
        return bytes;
    }

    /** A mark for everything that was added so far. */
    public long mark() {
        return tail;
    }

    /** Whether anything waits that was added before the mark. */
    public boolean hasBefore(long mark) {
        Entry next = oldest().peekFirst();
        return next != null && next.number < mark;
    }

    private Deque<Entry> list(TelemetryMetric metric) {
        return metric.error() == null ? plain : errors;
    }

    /** The list whose first metric is the oldest of all. */
    private Deque<Entry> oldest() {
        Entry first = plain.peekFirst();
        Entry error = errors.peekFirst();
        return first == null || (error != null && error.number < first.number) ? errors : plain;
    }

    private void removeFirst(Deque<Entry> list) {
        bytes -= retainedBytes(list.removeFirst().metric);
    }

    /** Roughly the bytes on the wire, so that a batch seldom has to be split when it is written. */
    static long estimatedBytes(TelemetryMetric metric) {
        // The metric of a session carries the descriptions of the system and of the connection.
        return (metric instanceof SessionMetric ? 2_560L : 512L) + textLength(metric.error());
    }

    /** Roughly the heap that a metric takes. A character of a message may take two bytes. */
    static long retainedBytes(TelemetryMetric metric) {
        return 512 + 2L * textLength(metric.error());
    }

    private static int textLength(@Nullable ErrorDetails error) {
        return error == null
                ? 0
                : error.exceptionClass().length() + length(error.stackFrames()) + length(error.message());
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }
}
