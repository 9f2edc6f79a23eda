package io.github.databrickstelemetry.client;

import io.github.databrickstelemetry.client.TelemetryStatistics.EventCounts;
import io.github.databrickstelemetry.client.TelemetryStatistics.MetricCounts;
import io.github.databrickstelemetry.client.TelemetryStatistics.StatementCounts;
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
}
