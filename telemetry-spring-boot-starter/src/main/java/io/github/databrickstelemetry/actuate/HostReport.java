package io.github.databrickstelemetry.actuate;

import io.github.databrickstelemetry.breaker.BreakerStatus.BreakerState;
import io.github.databrickstelemetry.client.ClientStatus;
import io.github.databrickstelemetry.client.HostTotals;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.client.TelemetryStatistics.LastExport;
import io.github.databrickstelemetry.flag.FlagState;
import io.github.databrickstelemetry.flag.FlagState.FlagStatus;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One host for health and endpoint: its totals and its open clients, one for each principal. Immutable. */
final class HostReport {

    private final HostTotals host;
    private final List<TelemetryStatistics> clients;

    private HostReport(HostTotals host) {
        this.host = host;
        this.clients = host.clients().stream()
                .filter(client -> client.status() != ClientStatus.CLOSED)
                .toList();
    }

    /**
     * What the health component shows, apart from the classes that differ between the lines of Spring Boot.
     *
     * @param up whether telemetry of every host can be delivered; if not, the status is UNKNOWN, which does not change the
     *     application's overall status
     * @param details one entry for each host
     */
    record Health(boolean up, Map<String, Object> details) {}

    static Health health(TelemetryClientProvider provider) {
        Details details = new Details();
        boolean up = true;
        for (HostReport host : openHosts(provider).values()) {
            up &= host.isWell();
            details.put(host.host.host(), host.summary());
        }
        return new Health(up, details);
    }

    /** The hosts with an open client, by {@code host:port}. */
    static Map<String, HostReport> openHosts(TelemetryClientProvider provider) {
        Map<String, HostReport> open = new TreeMap<>();
        for (HostTotals host : provider.totals()) {
            HostReport report = new HostReport(host);
            if (!report.clients.isEmpty()) {
                open.put(host.host(), report);
            }
        }
        return open;
    }

    /** True if nothing stands in the way of the host's metrics. Pausing is not a fault. */
    private boolean isWell() {
        return breaker() == BreakerState.CLOSED
                && !isUnreachable(flag())
                && clients.stream()
                        .noneMatch(client -> client.status() == ClientStatus.HOST_REFUSED
                                || client.status() == ClientStatus.NO_CREDENTIALS);
    }

    private static boolean isUnreachable(FlagState flag) {
        return flag.status() == FlagStatus.INTERRUPTED
                || (flag.status() == FlagStatus.INITIALIZING && flag.lastError() != null);
    }

    private BreakerState breaker() {
        return clients.get(0).breaker().state();
    }

    private FlagState flag() {
        return clients.get(0).flag();
    }

    /** The details that health shows. */
    private Details summary() {
        long lastSuccess = clients.stream()
                .mapToLong(client -> client.lastExport().successMillis())
                .max()
                .orElse(0);
        LastExport lastFailed = clients.stream()
                .map(TelemetryStatistics::lastExport)
                .max(Comparator.comparingLong(LastExport::errorMillis))
                .orElseThrow();
        return new Details()
                .with("status", worst().name())
                .with("circuitBreaker", breaker().name())
                .with("featureFlag", flag().status().name())
                .with("featureFlagError", flag().lastError())
                .with("pending", host.metrics().pending())
                .with("delivered", host.metrics().delivered())
                .with(
                        "dropped",
                        Snapshot.sum(host.events().dropped())
                                + Snapshot.sum(host.metrics().dropped()))
                .with("lastSuccess", Snapshot.instant(lastSuccess))
                .with("lastError", Snapshot.lastError(lastFailed));
    }

    /** Everything, as plain values that any JSON library writes the same way. */
    Details everything(Instant now) {
        return new Details()
                .with("circuitBreaker", Snapshot.breaker(clients.get(0).breaker(), now))
                .with("featureFlag", Snapshot.flag(flag(), now))
                .with("totals", Snapshot.counts(host.events(), host.metrics(), host.statements()))
                .with("clients", clients.stream().map(Snapshot::client).toList());
    }

    /** The status that needs attention most. */
    private ClientStatus worst() {
        return clients.stream()
                .map(TelemetryStatistics::status)
                .max(Comparator.naturalOrder())
                .orElse(ClientStatus.ACTIVE);
    }
}
