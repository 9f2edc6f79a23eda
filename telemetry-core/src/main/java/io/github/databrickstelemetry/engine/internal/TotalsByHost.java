package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.client.HostTotals;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The counters of closed clients by host, so that the totals of a host never fall. Not thread-safe. */
final class TotalsByHost {

    /** Beyond it the oldest host joins {@link #OTHER}: hosts that come and go must not fill the memory. */
    static final int MAX_CLOSED_HOSTS = 1_000;

    static final String OTHER = "other";

    private final Map<String, HostTotals> closed = new LinkedHashMap<>();

    /** Adds the last statistics of a client that has closed. */
    void retire(TelemetryStatistics last) {
        add(closed, new HostTotals(last.host(), last.events(), last.metrics(), last.statements(), List.of()));
        if (closed.size() > MAX_CLOSED_HOSTS) {
            closed.keySet().stream()
                    .filter(host -> !host.equals(OTHER))
                    .findFirst()
                    .map(closed::remove)
                    .ifPresent(oldest -> add(
                            closed,
                            new HostTotals(OTHER, oldest.events(), oldest.metrics(), oldest.statements(), List.of())));
        }
    }

    /** The totals of all hosts, those of open clients included. */
    List<HostTotals> with(List<TelemetryStatistics> open) {
        Map<String, HostTotals> all = new LinkedHashMap<>(closed);
        for (TelemetryStatistics client : open) {
            add(
                    all,
                    new HostTotals(
                            client.host(), client.events(), client.metrics(), client.statements(), List.of(client)));
        }
        return List.copyOf(all.values());
    }

    private static void add(Map<String, HostTotals> totals, HostTotals more) {
        totals.merge(
                more.host(),
                more,
                (one, other) -> new HostTotals(
                        one.host(),
                        one.events().plus(other.events()),
                        one.metrics().plus(other.metrics()),
                        one.statements().plus(other.statements()),
                        Stream.concat(one.clients().stream(), other.clients().stream())
                                .toList()));
    }
}
