package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.aggregate.DropReason;
import io.github.databrickstelemetry.client.EventCounts;
import io.github.databrickstelemetry.event.EventOwner;
import io.github.databrickstelemetry.event.EventType;
import io.github.databrickstelemetry.event.RefusedEvents;
import io.github.databrickstelemetry.event.TelemetryEvent;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts the events of one client that the worker took. Belongs to the worker. */
@SuppressWarnings("EnumOrdinal") // Indexes that never leave this class; counting must not allocate.
final class EventCounter {

    private static final EventType[] TYPES = EventType.values();

    private final long[] byType = new long[TYPES.length];
    private long taken;

    void count(EventType type) {
        byType[type.ordinal()]++;
        taken++;
    }

    /** Adds an event to the counts of its owner. */
    static void count(Map<EventOwner, long[]> byOwner, TelemetryEvent event) {
        byOwner.computeIfAbsent(event.session().owner(), owner -> new long[TYPES.length])[
                event.type().ordinal()]++;
    }

    /**
     * @param queued events that wait, by type, or null if none does
     * @param refused events that the queue refused
     * @param aggregated events that the aggregator took in
     * @param closed events that came after the client closed
     */
    EventCounts counts(long @Nullable [] queued, RefusedEvents refused, long aggregated, long closed) {
        Map<EventType, Long> emitted = new EnumMap<>(EventType.class);
        long waiting = 0;
        long refusals = 0;
        for (EventType type : TYPES) {
            long queuedOfType = queued == null ? 0 : queued[type.ordinal()];
            long refusedOfType = refused.of(type);
            waiting += queuedOfType;
            refusals += refusedOfType;
            putPositive(emitted, type, byType[type.ordinal()] + queuedOfType + refusedOfType);
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
