package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.config.ProxySettings;
import io.github.databrickstelemetry.config.TransportSettings;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * All that the layers of properties say about a client. Immutable.
 *
 * @param proxy instead of the data source's own, or null
 * @param sslContext instead of the data source's own, or null
 */
record ClientProfile(
        ClientSettings settings,
        DriverTelemetryMode driverTelemetry,
        @Nullable ProxySettings proxy,
        @Nullable SSLContext sslContext) {

    static final ClientProfile DEFAULTS =
            new ClientProfile(ClientSettings.DEFAULTS, DriverTelemetryMode.REPLACE, null, null);

    /** What stands between this process and the workspace: the properties beat the data source's own. */
    TransportSettings transport(TransportSettings own) {
        if (proxy == null && sslContext == null) {
            return own;
        }
        return new TransportSettings(
                proxy == null ? own.proxy() : proxy, sslContext == null ? own.sslContext() : sslContext);
    }
}
