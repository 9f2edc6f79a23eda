package io.github.databrickstelemetry.client;

import io.github.databrickstelemetry.aggregate.DropReason;
import io.github.databrickstelemetry.event.EventType;
import java.util.Map;

/**
 * Counters of events. Immutable.
 *
 * @param byType emitted events by type; types without an event are absent
 * @param queued events that wait for the worker
 * @param aggregated events that became part of a statement or a metric
 * @param dropped dropped events by reason; reasons without a drop are absent
 */
public record EventCounts(Map<EventType, Long> byType, long queued, long aggregated, Map<DropReason, Long> dropped) {

    /** No event yet. */
    public static final EventCounts NONE = new EventCounts(Map.of(), 0, 0, Map.of());

    public EventCounts {
        byType = Map.copyOf(byType);
        dropped = Map.copyOf(dropped);
    }

    /** Emitted events of all types. */
    public long emitted() {
        return Sums.of(byType);
    }

    /** The sum of both. */
    public EventCounts plus(EventCounts other) {
        return new EventCounts(
                Sums.of(byType, other.byType),
                queued + other.queued,
                aggregated + other.aggregated,
                Sums.of(dropped, other.dropped));
    }
}
