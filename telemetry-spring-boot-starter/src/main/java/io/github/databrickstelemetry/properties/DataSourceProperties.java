package io.github.databrickstelemetry.properties;

import org.jspecify.annotations.Nullable;

/** Settings for one data source. */
public final class DataSourceProperties {

    /** Whether this data source is instrumented. */
    private boolean enabled = true;

    /** Workspace of this data source: host[:port], or the name of an entry under databricks.telemetry.hosts. Needed only if the JDBC URL is not one of the Databricks driver. */
    private @Nullable String host;

    /** HTTP path of the warehouse or cluster, if the JDBC URL does not contain it. */
    private @Nullable String httpPath;

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

    public @Nullable String getHttpPath() {
        return httpPath;
    }

    public void setHttpPath(@Nullable String httpPath) {
        this.httpPath = httpPath;
    }
}
