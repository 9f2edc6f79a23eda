package io.github.databrickstelemetry.jdbc.databricks;

import io.github.databrickstelemetry.jdbc.JdbcSource;
import io.github.databrickstelemetry.workspace.CredentialSource;
import org.jspecify.annotations.Nullable;

/**
 * The credentials of a data source as they are at the time of each request: a pool may be given another password, or ask
 * the application for one. The principal keeps the identity of its first credentials. Thread-safe; prints no secret.
 */
public final class CurrentCredentials implements CredentialSource {

    private final String identity;
    private final JdbcSource source;
    private DatabricksAuthentication authentication;
    private @Nullable CredentialSource credentials;

    private CurrentCredentials(
            JdbcSource source, DatabricksAuthentication authentication, CredentialSource credentials) {
        this.identity = credentials.identity();
        this.source = source;
        this.authentication = authentication;
        this.credentials = credentials;
    }

    /** Credentials of a data source, or null if there are none that telemetry could use. Reads the data source. */
    public static @Nullable CredentialSource of(JdbcSource source) {
        DatabricksUrl url = DatabricksUrl.parse(source.current());
        CredentialSource credentials = url == null ? null : url.credentials();
        return url == null || credentials == null
                ? null
                : new CurrentCredentials(source, url.authentication(), credentials);
    }

    @Override
    public String identity() {
        return identity;
    }

    /** May call the application's code, which may block and throw. */
    @Override
    public @Nullable String authorization() {
        DatabricksUrl url = DatabricksUrl.parse(source.current());
        CredentialSource current;
        synchronized (this) {
            // A service principal's own credentials keep the token that was fetched for them.
            if (url != null && !url.authentication().equals(authentication)) {
                authentication = url.authentication();
                credentials = url.credentials();
            }
            current = credentials;
        }
        return current == null ? null : current.authorization();
    }

    /** The identity only. */
    @Override
    public String toString() {
        return identity;
    }
}
