package io.github.databrickstelemetry.jdbc.databricks;

import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.config.TransportSettings;
import io.github.databrickstelemetry.jdbc.JdbcSource;
import io.github.databrickstelemetry.workspace.CredentialSource;
import io.github.databrickstelemetry.workspace.internal.RequestedCredentials;
import io.github.databrickstelemetry.workspace.internal.WorkspaceChannel;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The credentials of a data source as they are at the time of each request: a pool may be given another password, or ask
 * the application for one. The principal keeps the identity of its first credentials. Thread-safe; prints no secret.
 */
public final class CurrentCredentials implements RequestedCredentials {

    private final String identity;
    private final JdbcSource source;
    private final ClientSettings settings;
    private final UnaryOperator<TransportSettings> transport;
    private DatabricksAuthentication authentication;
    private @Nullable CredentialSource credentials;

    private CurrentCredentials(
            JdbcSource source,
            ClientSettings settings,
            UnaryOperator<TransportSettings> transport,
            DatabricksAuthentication authentication,
            CredentialSource credentials) {
        this.identity = credentials.identity();
        this.source = source;
        this.settings = settings;
        this.transport = transport;
        this.authentication = authentication;
        this.credentials = credentials;
    }

    /**
     * Credentials of a data source, or null if there are none that telemetry could use. Reads the data source.
     *
     * @param settings of the client that uses them
     * @param transport from the data source's proxy and trust to those of the client
     */
    public static @Nullable CredentialSource of(
            JdbcSource source, ClientSettings settings, UnaryOperator<TransportSettings> transport) {
        DatabricksUrl url = DatabricksUrl.parse(source.current());
        CredentialSource credentials = url == null ? null : url.credentials(settings, transport);
        return url == null || credentials == null
                ? null
                : new CurrentCredentials(source, settings, transport, url.authentication(), credentials);
    }

    @Override
    public String identity() {
        return identity;
    }

    /** May call the application's code, which may block and throw. */
    @Override
    public @Nullable String authorization() {
        CredentialSource current = current();
        return current == null ? null : current.authorization();
    }

    @Override
    public @Nullable String authorization(WorkspaceChannel channel) {
        CredentialSource current = current();
        if (current instanceof RequestedCredentials requested) {
            return requested.authorization(channel);
        }
        return current == null ? null : current.authorization();
    }

    @Override
    public synchronized void refused(String authorization) {
        if (credentials instanceof RequestedCredentials requested) {
            requested.refused(authorization);
        }
    }

    private @Nullable CredentialSource current() {
        DatabricksUrl url = DatabricksUrl.parse(source.current());
        synchronized (this) {
            // A service principal's own credentials keep the token that was fetched for them.
            if (url != null && !url.authentication().equals(authentication)) {
                authentication = url.authentication();
                credentials = url.credentials(settings, transport);
            }
            return credentials;
        }
    }

    /** The identity only. */
    @Override
    public String toString() {
        return identity;
    }
}
