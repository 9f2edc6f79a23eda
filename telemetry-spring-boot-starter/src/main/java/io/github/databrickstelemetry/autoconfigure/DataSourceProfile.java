package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.workspace.WorkspaceHost;
import org.jspecify.annotations.Nullable;

/**
 * What the properties say about one data source, checked. Immutable.
 *
 * @param enabled whether it is observed
 * @param host the workspace that the properties name, or null: the JDBC URL's
 * @param entry the named workspace that it refers to, or null
 * @param httpPath instead of the JDBC URL's, or null
 */
record DataSourceProfile(
        boolean enabled,
        @Nullable WorkspaceHost host,
        @Nullable HostProfile entry,
        @Nullable String httpPath) {

    /** What holds for a data source of which nothing is said. */
    static final DataSourceProfile DEFAULTS = new DataSourceProfile(true, null, null, null);
}
