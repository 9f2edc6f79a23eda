package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.config.TransportSettings;
import io.github.databrickstelemetry.jdbc.databricks.WorkspaceIds;
import io.github.databrickstelemetry.properties.HostProfile;
import io.github.databrickstelemetry.properties.TelemetrySettings;
import io.github.databrickstelemetry.properties.TelemetrySwitch;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import org.springframework.core.env.Environment;

/** Acquires the clients of the entries under {@code hosts} by name. Thread-safe. */
final class HostClients {

    static final String BEAN_NAME = "databricksTelemetryHostClients";

    private final TelemetrySettings settings;
    private final TelemetryClientProvider provider;
    private final Credentials credentials;
    private final Environment environment;

    HostClients(
            TelemetrySettings settings,
            ApplicationBeans application,
            TelemetryClientProvider provider,
            Environment environment) {
        this.settings = settings;
        this.provider = provider;
        this.credentials = new Credentials(application);
        this.environment = environment;
    }

    /** One more reference to the entry's client, or an inert one if the entry is off. */
    TelemetryClient acquire(String name) {
        HostProfile host = settings.host(name);
        if (host == null || !host.enabled() || !TelemetrySwitch.isOn(environment)) {
            return new InertTelemetryClient(host == null ? name : host.host().key());
        }
        return provider.acquire(target(host));
    }

    void release(TelemetryClient client) {
        if (!(client instanceof InertTelemetryClient)) {
            provider.release(client);
        }
    }

    private TelemetryTarget target(HostProfile host) {
        Long workspaceId = host.workspaceId();
        return new TelemetryTarget(
                host.host(),
                false,
                credentials.choose(host, null, host.host(), host.name()),
                host.client().transport(TransportSettings.DIRECT),
                workspaceId != null
                        ? workspaceId
                        : WorkspaceIds.workspaceId(null, host.host().host()),
                null,
                host.client().settings());
    }
}
