package io.github.databrickstelemetry.jdbc.databricks;

import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.config.TransportSettings;
import io.github.databrickstelemetry.jdbc.JdbcSource;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import io.github.databrickstelemetry.workspace.CredentialSource;
import io.github.databrickstelemetry.workspace.internal.RequestedCredentials;
import io.github.databrickstelemetry.workspace.internal.ServicePrincipalCredentials;
import io.github.databrickstelemetry.workspace.internal.WorkspaceChannel;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The credentials of a data source as they are at the time of each request: a pool may be given another password, or ask
 * the application for one. The principal keeps the identity of its first credentials. Thread-safe; prints no secret.
 */
public final class CurrentCredentials implements RequestedCredentials {

    private final JdbcSource source;
    private final ClientSettings settings;
    private final UnaryOperator<TransportSettings> transport;
    private final String identity;
    private DatabricksAuthentication authentication;
    private @Nullable ServicePrincipalCredentials principal;

    private CurrentCredentials(
            JdbcSource source, ClientSettings settings, UnaryOperator<TransportSettings> transport, DatabricksUrl url) {
        this.source = source;
        this.settings = settings;
        this.transport = transport;
        this.authentication = url.authentication();
        this.principal = principal(url);
        this.identity = authentication.identity();
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
        return url == null || url.authentication().secret() == null
                ? null
                : new CurrentCredentials(source, settings, transport, url);
    }

    @Override
    public String identity() {
        return identity;
    }

    /** May call the application's code, which may block and throw. */
    @Override
    public @Nullable String authorization(WorkspaceChannel channel) {
        DatabricksUrl url = DatabricksUrl.parse(source.current());
        ServicePrincipalCredentials requested;
        synchronized (this) {
            // A principal that stays the same keeps the token that was requested for it.
            if (url != null && !url.authentication().equals(authentication)) {
                authentication = url.authentication();
                principal = principal(url);
            }
            requested = principal;
            if (requested == null) {
                return authentication.secret() == null ? null : "Bearer " + authentication.secret();
            }
        }
        return requested.authorization(channel);
    }

    @Override
    public synchronized void refused(String authorization) {
        if (principal != null) {
            principal.refused(authorization);
        }
    }

    private @Nullable ServicePrincipalCredentials principal(DatabricksUrl url) {
        DatabricksAuthentication principal = url.authentication();
        return principal.clientId() == null || principal.secret() == null
                ? null
                : new ServicePrincipalCredentials(
                        principal.identity(),
                        url.host(),
                        transport.apply(url.transport()),
                        settings,
                        principal.clientId(),
                        principal.secret(),
                        TelemetryClock.SYSTEM);
    }

    /** The identity only. */
    @Override
    public String toString() {
        return identity;
    }
}
