package io.github.databrickstelemetry.actuate;

import io.github.databrickstelemetry.breaker.BreakerState;
import io.github.databrickstelemetry.client.ClientStatus;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.flag.FlagState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * What is known of one host: the snapshots of all its clients, one for each principal. They share the host's breaker
 * and flag. Immutable.
 */
final class HostReport {

    private final List<TelemetryStatistics> clients;

    private HostReport(List<TelemetryStatistics> clients) {
        this.clients = clients;
    }

    /** The hosts that have a client at present, by {@code host:port}. */
    static Map<String, HostReport> ofAll(TelemetryClientProvider provider) {
        Map<String, List<TelemetryStatistics>> byHost = new TreeMap<>();
        for (TelemetryClient client : provider.clients()) {
            TelemetryStatistics statistics = client.statistics();
            if (statistics.status() != ClientStatus.CLOSED) {
                byHost.computeIfAbsent(statistics.host(), host -> new ArrayList<>())
                        .add(statistics);
            }
        }
        Map<String, HostReport> reports = new LinkedHashMap<>();
        byHost.forEach((host, clients) -> reports.put(host, new HostReport(clients)));
        return reports;
    }

    BreakerState breaker() {
        return clients.get(0).breaker();
    }

    /** The few lines that health shows. */
    Map<String, Object> summary() {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("status", worst().name());
        details.put("circuitBreaker", breaker().name());
        FlagState flag = clients.get(0).flag();
        details.put("featureFlag", flag.status().name());
        if (flag.lastError() != null) {
            details.put("featureFlagError", flag.lastError());
        }
        details.put("pending", sum(s -> s.metrics().pending()));
        details.put("delivered", sum(s -> s.metrics().delivered()));
        details.put("dropped", sum(HostReport::dropped));
        clients.stream()
                .mapToLong(s -> s.lastExport().successMillis())
                .filter(millis -> millis > 0)
                .max()
                .ifPresent(millis ->
                        details.put("lastSuccess", Instant.ofEpochMilli(millis).toString()));
        clients.stream()
                .max(Comparator.comparingLong(s -> s.lastExport().errorMillis()))
                .map(Snapshot::lastError)
                .ifPresent(error -> details.put("lastError", error));
        return details;
    }

    /** Everything, as plain values that any JSON library writes the same way. */
    Map<String, Object> everything() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("circuitBreaker", breaker().name());
        all.put("featureFlag", Snapshot.flag(clients.get(0).flag()));
        all.put("clients", clients.stream().map(Snapshot::client).toList());
        return all;
    }

    /** The status that a person should look at first. */
    private ClientStatus worst() {
        return clients.stream()
                .map(TelemetryStatistics::status)
                .max(Comparator.naturalOrder())
                .orElse(ClientStatus.ACTIVE);
    }

    private long sum(ToLongFunction<TelemetryStatistics> value) {
        return clients.stream().mapToLong(value).sum();
    }

    private static long dropped(TelemetryStatistics client) {
        return sum(client.events().dropped().values())
                + sum(client.metrics().dropped().values());
    }

    private static long sum(Collection<Long> counts) {
        return counts.stream().mapToLong(Long::longValue).sum();
    }
}
