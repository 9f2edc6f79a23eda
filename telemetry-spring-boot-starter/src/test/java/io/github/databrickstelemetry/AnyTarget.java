package io.github.databrickstelemetry;

import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.config.TransportSettings;
import io.github.databrickstelemetry.workspace.CredentialSource;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.WorkspaceHost;

/** Targets of which only the host matters, or a little more. */
public final class AnyTarget {

    private AnyTarget() {}

    /** With no credentials and the default settings. */
    public static TelemetryTarget at(String host) {
        return at(host, CredentialSource.NONE, ClientSettings.DEFAULTS);
    }

    /** As the URL of a data source names it. */
    public static TelemetryTarget at(String host, CredentialSource credentials, ClientSettings settings) {
        return new TelemetryTarget(
                WorkspaceHost.parse(host), true, credentials, TransportSettings.DIRECT, null, null, settings);
    }
}
