package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.aggregate.DropReason;
import io.github.databrickstelemetry.client.TelemetryStatistics.EventCounts;
import io.github.databrickstelemetry.event.EventOwner;
import io.github.databrickstelemetry.event.EventType;
import io.github.databrickstelemetry.event.TelemetryEvent;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Counts the events of one client: those that the queue refused, on any thread, and those that the worker took. Events are
 * counted nowhere else, so that no failure between two counts can leave them apart.
 */
@SuppressWarnings("EnumOrdinal") // Indexes that never leave this class; counting must not allocate.
final class EventCounter {

    private static final EventType[] TYPES = EventType.values();

    private final AtomicLongArray refused = new AtomicLongArray(TYPES.length);
    private final long[] takenByType = new long[TYPES.length];
    private long taken;
    private long closed;

    void refused(EventType type) {
        refused.incrementAndGet(type.ordinal());
    }

    void taken(EventType type) {
        takenByType[type.ordinal()]++;
        taken++;
    }

    /** An event was taken that came after the client closed. */
    void closed() {
        closed++;
    }

    /** Adds an event to the counts of its owner. */
    static void count(Map<EventOwner, long[]> byOwner, TelemetryEvent event) {
        byOwner.computeIfAbsent(event.session().owner(), owner -> new long[TYPES.length])[
                event.type().ordinal()]++;
    }

    /**
     * @param queued events that wait, by type, or null if none does
     * @param aggregated events that the aggregator took in
     */
    EventCounts counts(long @Nullable [] queued, long aggregated) {
        Map<EventType, Long> emitted = new EnumMap<>(EventType.class);
        long waiting = 0;
        long refusals = 0;
        for (EventType type : TYPES) {
            long queuedOfType = queued == null ? 0 : queued[type.ordinal()];
            long refusedOfType = refused.get(type.ordinal());
            waiting += queuedOfType;
            refusals += refusedOfType;
            putPositive(emitted, type, takenByType[type.ordinal()] + queuedOfType + refusedOfType);
        }
        Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
        // Orphans include events on which the aggregator failed before it could count them.
        putPositive(dropped, DropReason.ORPHAN, taken - aggregated - closed);
        putPositive(dropped, DropReason.CLOSED, closed);
        putPositive(dropped, DropReason.QUEUE_FULL, refusals);
        return new EventCounts(emitted, waiting, aggregated, dropped);
    }

    private static <K> void putPositive(Map<K, Long> map, K key, long count) {
        if (count > 0) {
            map.put(key, count);
        }
    }
}
