package io.github.databrickstelemetry.metrics;

import io.github.databrickstelemetry.aggregate.DropReason;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.event.EventType;
import java.util.EnumMap;
import java.util.Map;

/** Counts that only grow, over any number of clients. Not thread-safe. */
final class Totals {

    private final Map<EventType, Long> events = new EnumMap<>(EventType.class);
    private final Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
    private long delivered;
    private long rejected;

    void add(Totals others) {
        others.events.forEach((type, count) -> events.merge(type, count, Long::sum));
        others.dropped.forEach((reason, count) -> dropped.merge(reason, count, Long::sum));
        delivered += others.delivered;
        rejected += others.rejected;
    }

    void add(TelemetryStatistics client) {
        client.events().byType().forEach((type, count) -> events.merge(type, count, Long::sum));
        for (DropReason reason : DropReason.values()) {
            dropped.merge(reason, client.dropped(reason), Long::sum);
        }
        delivered += client.metrics().delivered();
        rejected += client.metrics().rejected();
    }

    long events(EventType type) {
        return events.getOrDefault(type, 0L);
    }

    long dropped(DropReason reason) {
        return dropped.getOrDefault(reason, 0L);
    }

    long delivered() {
        return delivered;
    }

    long rejected() {
        return rejected;
    }
}
