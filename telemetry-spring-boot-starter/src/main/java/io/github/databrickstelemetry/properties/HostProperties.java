package io.github.databrickstelemetry.properties;

import org.jspecify.annotations.Nullable;

/** One workspace by name. The inherited properties replace, for this workspace, those that hold for all. */
public final class HostProperties extends ClientProperties {

    /** Whether this workspace's client takes events, and whether data sources that refer to it are instrumented. */
    private boolean enabled = true;

    /** Address of the workspace, written host[:port]. */
    private @Nullable String host;

    /** Personal access token for the telemetry of this workspace. If not set, the data source's credentials or a TelemetryCredentials bean are used. */
    private @Nullable String token;

    /** Numeric id of the workspace, if neither the host name nor the HTTP path contains it. */
    private @Nullable Long workspaceId;

    public boolean isEnabled() {
        return enabled;
    }

    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    public @Nullable String getHost() {
        return host;
    }

    public void setHost(@Nullable String host) {
        this.host = host;
    }

    public @Nullable String getToken() {
        return token;
    }

    public void setToken(@Nullable String token) {
        this.token = token;
    }

    public @Nullable Long getWorkspaceId() {
        return workspaceId;
    }

    public void setWorkspaceId(@Nullable Long workspaceId) {
        this.workspaceId = workspaceId;
    }
}
