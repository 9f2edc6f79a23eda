package io.github.databrickstelemetry.workspace.internal;

import io.github.databrickstelemetry.config.TransportSettings.ProxySettings;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Chooses the proxy for a request: the configured one, the JVM's own choice, or none. Stateless. */
final class Proxies {

    private Proxies() {}

    static Proxy select(@Nullable ProxySettings settings, URI uri) {
        if (settings == null || isIgnored(settings, uri)) {
            return Proxy.NO_PROXY;
        }
        if (settings.host() != null) {
            return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(settings.host(), settings.port()));
        }
        ProxySelector jvm = settings.system() ? ProxySelector.getDefault() : null;
        List<Proxy> choice = jvm == null ? List.of() : jvm.select(uri);
        return choice.isEmpty() ? Proxy.NO_PROXY : choice.get(0);
    }

    /** The {@code Proxy-Authorization} header's value for the configured user, or null. */
    static @Nullable String authorization(@Nullable ProxySettings settings) {
        if (settings == null || settings.user() == null || settings.password() == null) {
            return null;
        }
        byte[] pair = (settings.user() + ":" + settings.password()).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    private static boolean isIgnored(ProxySettings settings, URI uri) {
        String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
        return settings.ignored().stream().anyMatch(pattern -> matches(pattern, host));
    }

    private static boolean matches(String pattern, String host) {
        String wanted = pattern.strip().toLowerCase(Locale.ROOT);
        return wanted.startsWith("*") ? host.endsWith(wanted.substring(1)) : host.equals(wanted);
    }
}
