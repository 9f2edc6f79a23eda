package io.github.databrickstelemetry.properties;

import io.github.databrickstelemetry.workspace.WorkspaceHost;
import org.jspecify.annotations.Nullable;

/**
 * An entry under {@code databricks.telemetry.data-sources}, validated. Immutable.
 *
 * @param enabled whether the data source is instrumented
 * @param host the workspace, or null for that of the JDBC URL
 * @param entry the named workspace that it refers to, or null
 * @param httpPath replaces the HTTP path of the JDBC URL, or null
 */
public record DataSourceProfile(
        boolean enabled,
        @Nullable WorkspaceHost host,
        @Nullable HostProfile entry,
        @Nullable String httpPath) {

    /** Without the HTTP path, because a pasted URL may contain a token. */
    @Override
    public String toString() {
        return "DataSourceProfile[enabled=" + enabled + ", host=" + host + "]";
    }

    /** A data source without an entry. */
    static final DataSourceProfile DEFAULTS = new DataSourceProfile(true, null, null, null);
}
