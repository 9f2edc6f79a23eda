package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.config.TransportSettings;
import io.github.databrickstelemetry.workspace.CredentialSource;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.WorkspaceHost;
import org.jspecify.annotations.Nullable;

/** Targets for tests. */
final class Targets {

    private Targets() {}

    static TelemetryTarget of(String host) {
        return of(host, ClientSettings.DEFAULTS);
    }

    static TelemetryTarget of(String host, ClientSettings settings) {
        return of(host, "test", settings);
    }

    static TelemetryTarget of(String host, String principal, ClientSettings settings) {
        CredentialSource credentials = new CredentialSource() {
            @Override
            public String identity() {
                return principal;
            }

            @Override
            public @Nullable String authorization() {
                return null;
            }
        };
        return new TelemetryTarget(
                WorkspaceHost.parse(host), true, credentials, TransportSettings.DIRECT, null, null, settings);
    }
}
