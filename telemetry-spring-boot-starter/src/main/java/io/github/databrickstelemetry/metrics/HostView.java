package io.github.databrickstelemetry.metrics;

import io.github.databrickstelemetry.aggregate.DropReason;
import io.github.databrickstelemetry.breaker.BreakerState;
import io.github.databrickstelemetry.client.ClientStatus;
import io.github.databrickstelemetry.client.HostTotals;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.client.TelemetryStatistics.EventCounts;
import io.github.databrickstelemetry.client.TelemetryStatistics.MetricCounts;
import io.github.databrickstelemetry.client.TelemetryStatistics.StatementCounts;
import io.github.databrickstelemetry.flag.FlagStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The totals of the hosts behind one host tag. Immutable. */
record HostView(
        EventCounts events, MetricCounts metrics, StatementCounts statements, List<TelemetryStatistics> clients) {

    static final HostView NONE = new HostView(EventCounts.NONE, MetricCounts.NONE, StatementCounts.NONE, List.of());

    HostView plus(HostTotals totals) {
        List<TelemetryStatistics> all = new ArrayList<>(clients);
        all.addAll(totals.clients());
        return new HostView(
                events.plus(totals.events()),
                metrics.plus(totals.metrics()),
                statements.plus(totals.statements()),
                List.copyOf(all));
    }

    long dropped(DropReason reason) {
        return events.dropped().getOrDefault(reason, 0L) + metrics.dropped().getOrDefault(reason, 0L);
    }

    long clients(ClientStatus status) {
        return clients.stream().filter(client -> client.status() == status).count();
    }

    long hosts(BreakerState state) {
        return hosts(client -> client.breaker().state() == state);
    }

    long hosts(FlagStatus status) {
        return hosts(client -> client.flag().status() == status);
    }

    /** The clients of a host share its breaker and its flag. */
    private long hosts(Predicate<TelemetryStatistics> matching) {
        return clients.stream()
                .filter(matching)
                .map(TelemetryStatistics::host)
                .distinct()
                .count();
    }

    /** Epoch milliseconds of the last success, 0 before the first. */
    long lastSuccessMillis() {
        return clients.stream()
                .mapToLong(client -> client.lastExport().successMillis())
                .max()
                .orElse(0);
    }
}
