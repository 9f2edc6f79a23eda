package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.client.HostTotals;
import io.github.databrickstelemetry.client.TelemetryStatistics;
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
            closed.keySet().stream()
                    .filter(host -> !host.equals(OTHER))
                    .findFirst()
                    .map(closed::remove)
                    .ifPresent(oldest -> add(closed, OTHER, oldest));
        }
    }

    /** The totals of all hosts, those of open clients included. */
    List<HostTotals> with(List<TelemetryStatistics> open) {
        Map<String, HostTotals> all = new LinkedHashMap<>(closed);
        open.forEach(client -> add(all, client.host(), totals(client, List.of(client))));
        return List.copyOf(all.values());
    }

    private static HostTotals totals(TelemetryStatistics client, List<TelemetryStatistics> open) {
        return new HostTotals(client.host(), client.events(), client.metrics(), client.statements(), open);
    }

    private static void add(Map<String, HostTotals> totals, String host, HostTotals more) {
        totals.put(host, totals.getOrDefault(host, HostTotals.none(host)).plus(more));
    }
}
