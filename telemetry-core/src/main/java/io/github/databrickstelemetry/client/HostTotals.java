package io.github.databrickstelemetry.client;

import io.github.databrickstelemetry.aggregate.DropReason;
import java.util.List;

/**
 * The sum over all clients of one host, those included that have closed. Its counters never fall while the engine lives.
 * Immutable.
 *
 * @param host {@code host:port}
 * @param events counters of events
 * @param metrics counters of metrics
 * @param statements counters of statements
 * @param clients the clients of the host that are open at present, one per principal; empty after all have closed
 */
public record HostTotals(
        String host,
        EventCounts events,
        MetricCounts metrics,
        StatementCounts statements,
        List<TelemetryStatistics> clients) {

    public HostTotals {
        clients = List.copyOf(clients);
    }

    /** All drops of events and metrics for one reason. */
    public long dropped(DropReason reason) {
        return events.dropped().getOrDefault(reason, 0L) + metrics.dropped().getOrDefault(reason, 0L);
    }
}
