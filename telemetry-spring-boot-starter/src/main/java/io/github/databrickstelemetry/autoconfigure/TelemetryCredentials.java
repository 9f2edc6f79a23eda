package io.github.databrickstelemetry.autoconfigure;

import org.jspecify.annotations.Nullable;

/**
 * Credentials of the application, for data sources and hosts without their own. Declare a bean of this type to
 * supply them.
 *
 * <p>Called on telemetry threads before every request, never on the application's, so that tokens may rotate. It may
 * block (a token endpoint) and may throw, which counts as "no credentials now". Metrics wait then.
 */
@FunctionalInterface
public interface TelemetryCredentials {

    /**
     * A bearer token for one host.
     *
     * @param host the workspace as {@code host:port}
     * @param name the bean name of the data source, or the name of the entry under {@code databricks.telemetry.hosts}
     * @return the token without the word {@code Bearer}, or null if there is none now
     */
    @Nullable
    String bearerToken(String host, String name);
}
