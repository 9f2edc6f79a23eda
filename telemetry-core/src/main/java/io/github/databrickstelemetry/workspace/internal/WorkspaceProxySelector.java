package io.github.databrickstelemetry.workspace.internal;

import io.github.databrickstelemetry.config.ProxySettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/** One configured proxy, or the JVM's own choice, except for hosts that are reached directly. */
final class WorkspaceProxySelector extends ProxySelector {

    private static final List<Proxy> DIRECT = List.of(Proxy.NO_PROXY);

    private final ProxySettings settings;

    WorkspaceProxySelector(ProxySettings settings) {
        this.settings = settings;
    }

    @Override
    public List<Proxy> select(URI uri) {
        String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
        if (settings.ignored().stream().anyMatch(pattern -> matches(pattern, host))) {
            return DIRECT;
        }
        if (settings.host() != null) {
            // The address is made anew each time, because it remembers what the name resolved to.
            return List.of(new Proxy(Proxy.Type.HTTP, new InetSocketAddress(settings.host(), settings.port())));
        }
        ProxySelector jvm = ProxySelector.getDefault();
        return jvm == null ? DIRECT : jvm.select(uri);
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        // There is no second choice.
    }

    private static boolean matches(String pattern, String host) {
        String wanted = pattern.strip().toLowerCase(Locale.ROOT);
        return wanted.startsWith("*") ? host.endsWith(wanted.substring(1)) : host.equals(wanted);
    }
}
