package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.client.EventCounts;
import io.github.databrickstelemetry.client.HostTotals;
import io.github.databrickstelemetry.client.MetricCounts;
import io.github.databrickstelemetry.client.StatementCounts;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The counters of closed clients by host, so that the totals of a host never fall. Not thread-safe. */
final class TotalsByHost {

    /** Beyond it the oldest host joins {@link #OTHER}: hosts that come and go must not fill the memory. */
    static final int MAX_CLOSED_HOSTS = 1_000;

    static final String OTHER = "other";

    private final Map<String, HostTotals> closed = new LinkedHashMap<>();

    /** Adds the last statistics of a client that has closed. */
    void retire(TelemetryStatistics last) {
        add(closed, last.host(), totals(last, List.of()));
        if (closed.size() > MAX_CLOSED_HOSTS) {
            for (String host : closed.keySet()) {
                if (!host.equals(OTHER)) {
                    add(closed, OTHER, closed.get(host));
                    closed.remove(host);
                    return;
                }
            }
        }
    }

    /** The totals of all hosts, those of open clients included. */
    List<HostTotals> with(List<TelemetryStatistics> open) {
        Map<String, HostTotals> all = new LinkedHashMap<>(closed);
        for (TelemetryStatistics client : open) {
            add(all, client.host(), totals(client, List.of(client)));
        }
        return List.copyOf(all.values());
    }

    private static void add(Map<String, HostTotals> totals, String host, HostTotals more) {
        totals.merge(host, named(host, more), (one, other) -> {
            List<TelemetryStatistics> clients = new ArrayList<>(one.clients());
            clients.addAll(other.clients());
            return new HostTotals(
                    host,
                    one.events().plus(other.events()),
                    one.metrics().plus(other.metrics()),
                    one.statements().plus(other.statements()),
                    clients);
        });
    }

    private static HostTotals named(String host, HostTotals totals) {
        return new HostTotals(host, totals.events(), totals.metrics(), totals.statements(), totals.clients());
    }

    private static HostTotals totals(TelemetryStatistics client, List<TelemetryStatistics> clients) {
        EventCounts events = client.events();
        MetricCounts metrics = client.metrics();
        StatementCounts statements = client.statements();
        return new HostTotals(client.host(), events, metrics, statements, clients);
    }
}
