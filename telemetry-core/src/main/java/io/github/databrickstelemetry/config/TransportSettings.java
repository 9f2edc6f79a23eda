package io.github.databrickstelemetry.config;

import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What stands between this process and a workspace. Clients whose transport settings are equal share one HTTP client.
 *
 * @param proxy the proxy to use, or null for none
 * @param sslContext the trust to use, or null for the JVM's own; compared by identity, so callers that want sharing
 *     pass the same instance
 */
public record TransportSettings(
        @Nullable ProxySettings proxy, @Nullable SSLContext sslContext) {

    /** No proxy, the JVM's own trust. */
    public static final TransportSettings DIRECT = new TransportSettings(null, null);
}
