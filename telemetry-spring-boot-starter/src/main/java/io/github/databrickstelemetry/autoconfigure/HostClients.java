package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.config.TransportSettings;
import io.github.databrickstelemetry.jdbc.databricks.WorkspaceIds;
import io.github.databrickstelemetry.properties.HostProfile;
import io.github.databrickstelemetry.properties.TelemetrySettings;
import io.github.databrickstelemetry.properties.TelemetrySwitch;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/** Makes the {@code TelemetryClient} beans of the entries under {@code hosts}. Thread-safe. */
final class HostClients {

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

    /** The client of an entry. It is acquired with its first use, and does nothing if the entry is disabled. */
    TelemetryClient client(String name) {
        HostProfile host = settings.host(name);
        return provider.acquireLazily(host == null ? name : host.host().key(), () -> target(host));
    }

    private @Nullable TelemetryTarget target(@Nullable HostProfile host) {
        if (host == null || !host.enabled() || !TelemetrySwitch.isOn(environment)) {
            return null;
        }
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
