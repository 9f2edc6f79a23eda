package io.github.databrickstelemetry.config;

import java.util.List;
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

    /**
     * The proxy through which a workspace is reached.
     *
     * @param host the proxy's host; null together with {@code system} means: no proxy
     * @param port the proxy's port
     * @param user for basic authentication at the proxy, or null
     * @param password for basic authentication at the proxy, or null; never printed
     * @param ignored hosts that are reached directly; a leading {@code *} matches any prefix
     * @param system whether the JVM's own proxy settings apply instead
     */
    public record ProxySettings(
            @Nullable String host,
            int port,
            @Nullable String user,
            @Nullable String password,
            List<String> ignored,
            boolean system) {

        public ProxySettings {
            if (host != null) {
                Check.inRange("export.proxy.port", port, 1, 65_535);
            }
            ignored = List.copyOf(ignored);
        }

        @Override
        public String toString() {
            return "ProxySettings[host=" + host + ", port=" + port + ", system=" + system + "]";
        }
    }
}
