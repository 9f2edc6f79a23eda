package io.github.databrickstelemetry.properties;

import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.config.TlsSettings;
import io.github.databrickstelemetry.config.TransportSettings;
import io.github.databrickstelemetry.config.TransportSettings.ProxySettings;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a client that come from properties. Immutable.
 *
 * @param proxy replaces the data source's proxy, or null
 * @param tls replaces the data source's trust, or null
 */
public record ClientProfile(
        ClientSettings settings,
        DriverTelemetryMode driverTelemetry,
        @Nullable ProxySettings proxy,
        @Nullable TlsSettings tls) {

    static final ClientProfile DEFAULTS =
            new ClientProfile(ClientSettings.DEFAULTS, DriverTelemetryMode.REPLACE, null, null);

    /** Proxy and trust for requests to the workspace: those of the properties, else the data source's own. */
    public TransportSettings transport(TransportSettings own) {
        return new TransportSettings(proxy == null ? own.proxy() : proxy, tls == null ? own.tls() : tls);
    }
}
