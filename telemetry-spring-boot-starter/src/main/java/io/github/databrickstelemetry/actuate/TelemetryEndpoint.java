package io.github.databrickstelemetry.actuate;

import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * The endpoint {@code databrickstelemetry}: the accounts of every host, and a switch. Thread-safe. What is not one of
 * the actions is answered with 400, an unknown host with 404.
 */
@Endpoint(id = "databrickstelemetry")
public final class TelemetryEndpoint {

    private final TelemetryClientProvider provider;
    private final PauseSwitch pauseSwitch;
    private final Supplier<List<Map<String, Object>>> dataSources;
    private final Supplier<List<String>> unknownProperties;

    /**
     * @param dataSources what became of every data source, as plain values; empty without JDBC instrumentation
     * @param unknownProperties names of properties under our prefix that nothing reads
     */
    public TelemetryEndpoint(
            TelemetryClientProvider provider,
            PauseSwitch pauseSwitch,
            Supplier<List<Map<String, Object>>> dataSources,
            Supplier<List<String>> unknownProperties) {
        this.provider = provider;
        this.pauseSwitch = pauseSwitch;
        this.dataSources = dataSources;
        this.unknownProperties = unknownProperties;
    }

    /** All hosts, and what became of every data source. */
    @ReadOperation
    public Map<String, Object> all() {
        Map<String, Object> hosts = new LinkedHashMap<>();
        HostReport.ofAll(provider).forEach((host, report) -> hosts.put(host, report.everything()));
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("paused", pauseSwitch.getAsBoolean());
        all.put("swallowed", provider.swallowed());
        all.put("hosts", hosts);
        all.put("dataSources", dataSources.get());
        all.put("unknownProperties", unknownProperties.get());
        return all;
    }

    /** One host, written {@code host:port}, or null if there is none. */
    @ReadOperation
    public @Nullable Map<String, Object> host(@Selector String host) {
        HostReport report = HostReport.ofAll(provider).get(host);
        return report == null ? null : report.everything();
    }

    /** Does something with all hosts and shows them afterwards. */
    @WriteOperation
    public Map<String, Object> actOnAll(TelemetryAction action) {
        action.applyTo(pauseSwitch);
        provider.clients().forEach(action::applyTo);
        return all();
    }

    /** Does something with one host and shows it afterwards. */
    @WriteOperation
    public WebEndpointResponse<Map<String, Object>> actOnOne(@Selector String host, TelemetryAction action) {
        List<TelemetryClient> clients = provider.clients().stream()
                .filter(client -> client.host().equals(host))
                .toList();
        if (action == TelemetryAction.RESUME && !clients.isEmpty() && pauseSwitch.getAsBoolean()) {
            // Everything is paused: from now on, each of the others is.
            provider.clients().forEach(TelemetryClient::pause);
            pauseSwitch.set(false);
        }
        clients.forEach(action::applyTo);
        Map<String, Object> shown = host(host);
        return shown == null
                ? new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND)
                : new WebEndpointResponse<>(shown);
    }
}
