package io.github.databrickstelemetry.properties;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Proxy for requests to the workspace. A proxy of a host replaces, as a whole, the one that holds for all.
 *
 * @param host Host name of the proxy for requests to the workspace. If not set, the data source's proxy is used.
 * @param port Port of the proxy.
 * @param user User name for basic authentication at the proxy.
 * @param password Password for basic authentication at the proxy.
 * @param ignored Hosts that are contacted without the proxy. A leading asterisk matches any beginning.
 * @param system Whether the proxy settings of the JVM are used. False, without a proxy host, means no proxy.
 */
public record ProxyProperties(
        @Nullable String host,
        @Nullable Integer port,
        @Nullable String user,
        @Nullable String password,
        @Nullable List<String> ignored,
        @Nullable Boolean system) {

    /** Without any text, because a pasted URL may contain a password. */
    @Override
    public String toString() {
        return "ProxyProperties[port=" + port + ", system=" + system + "]";
    }
}
