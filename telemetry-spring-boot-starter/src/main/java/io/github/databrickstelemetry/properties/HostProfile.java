package io.github.databrickstelemetry.properties;

import io.github.databrickstelemetry.workspace.WorkspaceHost;
import org.jspecify.annotations.Nullable;

/**
 * An entry under {@code databricks.telemetry.hosts}, validated. Immutable.
 *
 * @param name the entry's name
 * @param token a personal access token, or null
 * @param workspaceId the workspace's numeric id, or null
 */
public record HostProfile(
        String name,
        boolean enabled,
        WorkspaceHost host,
        @Nullable String token,
        @Nullable Long workspaceId,
        ClientProfile client) {

    /** The token is a secret, so it is left out. */
    @Override
    public String toString() {
        return "HostProfile[" + name + ", " + host + "]";
    }
}
