package io.github.databrickstelemetry.actuate;

import io.github.databrickstelemetry.client.ExporterStatistics;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.insight.RecentStatements;
import io.github.databrickstelemetry.insight.StatementTotals;
import io.github.databrickstelemetry.properties.UnknownProperties;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.core.env.Environment;

/**
 * The endpoint {@code databrickstelemetry}: statistics of every host and data source, recent statements, and a switch.
 * Thread-safe. An unknown action gives 400, an unknown host 404.
 */
@Endpoint(id = "databrickstelemetry")
public final class TelemetryEndpoint {

    /** The selector of recent statements. No host has this name: hosts carry their port. */
    private static final String STATEMENTS = "statements";

    private final TelemetryClientProvider provider;
    private final PauseSwitch pauseSwitch;
    private final StatementTotals totals;
    private final RecentStatements recent;
    private final boolean queryText;
    private final Supplier<List<Details>> dataSources;
    private final Environment environment;

    /**
     * @param queryText whether recent statements show their SQL text
     * @param dataSources every data source and how it is instrumented, as plain values; empty without JDBC
     */
    public TelemetryEndpoint(
            TelemetryClientProvider provider,
            PauseSwitch pauseSwitch,
            StatementTotals totals,
            RecentStatements recent,
            boolean queryText,
            Supplier<List<Details>> dataSources,
            Environment environment) {
        this.provider = provider;
        this.pauseSwitch = pauseSwitch;
        this.totals = totals;
        this.recent = recent;
        this.queryText = queryText;
        this.dataSources = dataSources;
        this.environment = environment;
    }

    /** All hosts, all data sources, and the sums over their statements. */
    @ReadOperation
    public Map<String, Object> all() {
        Instant now = Instant.now();
        Details hosts = new Details();
        HostReport.openHosts(provider).forEach((name, host) -> hosts.put(name, host.everything(now)));
        return new Details()
                .with("application", environment.getProperty("spring.application.name"))
                .with("time", now.toString())
                .with("paused", pauseSwitch.getAsBoolean())
                .with("swallowed", provider.swallowed())
                .with("hosts", hosts)
                .with("exporters", exporters())
                .with("dataSources", dataSources.get())
                .with("statements", StatementReport.totals(totals))
                .with("unknownProperties", UnknownProperties.in(environment));
    }

    /** The application's own exporters, or null if there is none. */
    private @Nullable List<Details> exporters() {
        List<ExporterStatistics> exporters = provider.exporters();
        return exporters.isEmpty()
                ? null
                : exporters.stream().map(Snapshot::exporter).toList();
    }

    /** Recent statements for {@code statements}; one host for {@code host:port}; null if there is no such host. */
    @ReadOperation
    public @Nullable Map<String, Object> one(@Selector String name) {
        return name.equals(STATEMENTS) ? StatementReport.recent(recent, queryText, Instant.now()) : host(name);
    }

    private @Nullable Map<String, Object> host(String name) {
        HostReport host = HostReport.openHosts(provider).get(name);
        return host == null ? null : host.everything(Instant.now());
    }

    /** Applies an action to all hosts and returns their new state. */
    @WriteOperation
    public Map<String, Object> actOnAll(Action action) {
        // Before the clients, so that a client which is made at the same time is paused or resumed as well.
        if (action != Action.FLUSH) {
            pauseSwitch.set(action == Action.PAUSE);
        }
        provider.clients().forEach(action::applyTo);
        return all();
    }

    /** Applies an action to one host and returns its new state. */
    @WriteOperation
    public WebEndpointResponse<Map<String, Object>> actOnOne(@Selector String host, Action action) {
        List<TelemetryClient> clients = provider.clients().stream()
                .filter(client -> client.host().equals(host))
                .toList();
        if (action == Action.RESUME && !clients.isEmpty() && pauseSwitch.getAsBoolean()) {
            // All hosts are paused: from now on, each of the others by itself.
            provider.clients().forEach(TelemetryClient::pause);
            pauseSwitch.set(false);
        }
        clients.forEach(action::applyTo);
        Map<String, Object> shown = host(host);
        return shown == null
                ? new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND)
                : new WebEndpointResponse<>(shown);
    }

    /** An action of the endpoint. */
    public enum Action {
        /** Send pending metrics soon. */
        FLUSH,
        /** Send nothing until resumed. Events are still taken. */
        PAUSE,
        /** Send again. */
        RESUME;

        private void applyTo(TelemetryClient client) {
            switch (this) {
                case FLUSH -> client.flush();
                case PAUSE -> client.pause();
                case RESUME -> client.resume();
            }
        }
    }
}
