package io.github.databrickstelemetry.client;

import io.github.databrickstelemetry.client.TelemetryStatistics.EventCounts;
import io.github.databrickstelemetry.client.TelemetryStatistics.MetricCounts;
import io.github.databrickstelemetry.client.TelemetryStatistics.StatementCounts;
import java.util.List;
import java.util.stream.Stream;

/**
 * The sum over all clients of one host, those included that have closed. Its counters never fall while the engine lives.
 * Immutable.
 *
 * @param host {@code host:port}
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

    /** The totals of a host that has had no client yet. */
    public static HostTotals none(String host) {
        return new HostTotals(host, EventCounts.NONE, MetricCounts.NONE, StatementCounts.NONE, List.of());
    }

    /** The sum of both, under the host of this one. */
    public HostTotals plus(HostTotals other) {
        return new HostTotals(
                host,
                events.plus(other.events),
                metrics.plus(other.metrics),
                statements.plus(other.statements),
                Stream.concat(clients.stream(), other.clients.stream()).toList());
    }
}
