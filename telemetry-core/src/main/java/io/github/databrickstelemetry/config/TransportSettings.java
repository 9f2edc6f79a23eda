package io.github.databrickstelemetry.config;

import org.jspecify.annotations.Nullable;

/**
 * What stands between this process and a workspace.
 *
 * @param proxy the proxy to use, or null for none
 * @param tls the trust and the client certificate, or null for the JVM's own
 */
public record TransportSettings(
        @Nullable ProxySettings proxy, @Nullable TlsSettings tls) {

    /** No proxy, the JVM's own trust. */
    public static final TransportSettings DIRECT = new TransportSettings(null, null);
}
