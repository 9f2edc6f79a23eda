package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.workspace.WorkspaceHost;
import org.jspecify.annotations.Nullable;

/** One workspace that the properties name, checked. Immutable. */
record HostProfile(
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
