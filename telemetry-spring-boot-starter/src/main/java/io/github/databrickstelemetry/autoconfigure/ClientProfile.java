package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.config.ProxySettings;
import io.github.databrickstelemetry.config.TransportSettings;
import io.github.databrickstelemetry.properties.DriverTelemetryMode;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * All that the layers of properties say about a client. Immutable.
 *
 * @param given null where they say nothing, so that a start without properties need not load the settings' classes
 * @param proxy instead of the data source's own, or null
 * @param sslContext instead of the data source's own, or null
 */
record ClientProfile(
        @Nullable ClientSettings given,
        DriverTelemetryMode driverTelemetry,
        @Nullable ProxySettings proxy,
        @Nullable SSLContext sslContext) {

    static final ClientProfile DEFAULTS = new ClientProfile(null, DriverTelemetryMode.REPLACE, null, null);

    ClientSettings settings() {
        return given == null ? ClientSettings.DEFAULTS : given;
    }

    /** What stands between this process and the workspace: the properties beat the data source's own. */
    TransportSettings transport(TransportSettings own) {
        if (proxy == null && sslContext == null) {
            return own;
        }
        return new TransportSettings(
                proxy == null ? own.proxy() : proxy, sslContext == null ? own.sslContext() : sslContext);
    }
}
