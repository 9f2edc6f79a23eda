package io.github.databrickstelemetry.aggregate.internal;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.SessionMetric;
import io.github.databrickstelemetry.event.ErrorDetails;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finished metrics that wait to be sent, in their order. Bounded by number and by bytes: when it is full, the oldest metric
 * without an error goes first, and the oldest error only if all metrics are errors. Not thread-safe.
 *
 * <p>Every change allocates what it needs before it changes anything, so that a lack of memory loses no metric.
 */
public final class PendingBuffer {

    /** Heap that the metrics of one client may take: four times 10,000 metrics without messages. */
    public static final long MAX_BYTES = 20L << 20;

    private final int capacity;
    private final long maxBytes;
    // Two chains, so that finding the oldest metric without an error takes no search; the numbers keep the order.
    private final Chain plain = new Chain();
    private final Chain errors = new Chain();
    private long tail;
    private long head;
    private long bytes;

    /** Linked by itself, because an {@code ArrayDeque} that cannot grow for want of memory loses its elements. */
    private static final class Node {
        final TelemetryMetric metric;
        final long bytes;
        long number;

        @Nullable
        Node next;

        Node(TelemetryMetric metric) {
            this.metric = metric;
            this.bytes = retainedBytes(metric);
        }
    }

    private static final class Chain {
        @Nullable
        Node first;

        @Nullable
        Node last;

        int size;

        void addLast(Node node) {
            Node before = last;
            if (before == null) {
                first = node;
            } else {
                before.next = node;
            }
            last = node;
            size++;
        }

        void addFirst(Node node) {
            node.next = first;
            first = node;
            if (last == null) {
                last = node;
            }
            size++;
        }

        void removeFirst() {
            Node gone = first;
            if (gone != null) {
                first = gone.next;
                if (first == null) {
                    last = null;
                }
                size--;
            }
        }
    }

    /**
     * @param capacity the maximum number of metrics
     * @param maxBytes the maximum of their estimated heap bytes
     */
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
        Node node = new Node(metric);
        node.number = tail++;
        bytes += node.bytes;
        chain(metric).addLast(node);
        return trim();
    }

    /**
     * Puts metrics of a failed export back to the front, in their order.
     *
     * @return the number of metrics that were dropped
     */
    public int putBack(List<TelemetryMetric> metrics) {
        List<Node> nodes = new ArrayList<>(metrics.size());
        for (TelemetryMetric metric : metrics) {
            nodes.add(new Node(metric));
        }
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Node node = nodes.get(i);
            node.number = --head;
            bytes += node.bytes;
            chain(node.metric).addFirst(node);
        }
        return trim();
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
        while (batch.size() < maxCount) {
            Chain chain = oldest();
            Node next = chain.first;
            if (next == null) {
                return;
            }
            wireBytes += estimatedBytes(next.metric);
            boolean isAlone = alone.test(next.metric);
            if ((isAlone || wireBytes > maxWireBytes) && !batch.isEmpty()) {
                return;
            }
            batch.add(next.metric);
            remove(chain);
            if (isAlone) {
                return;
            }
        }
    }

    /** Discards everything and returns the number of metrics. */
    public int clear() {
        int size = size();
        while (plain.first != null) {
            remove(plain);
        }
        while (errors.first != null) {
            remove(errors);
        }
        return size;
    }

    /** The number of metrics that wait. */
    public int size() {
        return plain.size + errors.size;
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
        Node next = oldest().first;
        return next != null && next.number < mark;
    }

    private int trim() {
        int dropped = 0;
        while (size() > capacity || bytes > maxBytes) {
            remove(plain.first == null ? errors : plain);
            dropped++;
        }
        return dropped;
    }

    private void remove(Chain chain) {
        Node gone = chain.first;
        if (gone != null) {
            bytes -= gone.bytes;
            chain.removeFirst();
        }
    }

    private Chain chain(TelemetryMetric metric) {
        return metric.error() == null ? plain : errors;
    }

    private Chain oldest() {
        Node first = plain.first;
        Node error = errors.first;
        return first == null || (error != null && error.number < first.number) ? errors : plain;
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
