package io.github.databrickstelemetry.properties;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings for one data source.
 *
 * @param enabled Whether this data source is instrumented.
 * @param host Workspace of this data source: host[:port], or the name of an entry under databricks.telemetry.hosts.
 *     Needed only if the JDBC URL is not one of the Databricks driver.
 * @param httpPath HTTP path of the warehouse or cluster, if the JDBC URL does not contain it.
 */
public record DataSourceProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable String host,
        @Nullable String httpPath) {

    /** Without host and HTTP path, because a pasted URL may contain a token. */
    @Override
    public String toString() {
        return "DataSourceProperties[enabled=" + enabled + "]";
    }
}
