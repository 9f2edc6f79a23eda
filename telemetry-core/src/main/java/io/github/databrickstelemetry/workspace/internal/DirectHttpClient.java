package io.github.databrickstelemetry.workspace.internal;

import io.github.databrickstelemetry.config.ProxySettings;
import io.github.databrickstelemetry.config.TransportSettings;
import java.lang.reflect.Method;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.springframework.http.converter.ByteArrayHttpMessageConverter;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.client.RestClient;

/**
 * A JDK client without an executor: what is to be done for a request is done by the thread that waits for its answer
 * (connecting, resolving the name) or by the client's selector (moving bytes, TLS, none of which blocks). A host that
 * hangs therefore holds up nobody but its caller.
 */
final class DirectHttpClient {

    /** Since Java 21; null before. */
    private static final @Nullable Method SHUTDOWN_NOW =
            ClassUtils.getMethodIfAvailable(HttpClient.class, "shutdownNow");

    private final HttpClient client;
    private final RestClient rest;
    private final ProxySelector proxies;

    DirectHttpClient(TransportSettings transport, Duration connectTimeout) {
        this.proxies = proxies(transport.proxy());
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(connectTimeout)
                .proxy(proxies)
                .executor(Runnable::run);
        if (transport.sslContext() != null) {
            builder.sslContext(transport.sslContext());
        }
        String proxyAuthorization = proxyAuthorization(transport.proxy());
        this.client = withoutContextClassLoader(builder);
        this.rest = RestClient.builder()
                .requestFactory((uri, method) -> new DirectRequest(client, uri, method, proxyAuthorization))
                .messageConverters(converters -> {
                    converters.clear();
                    converters.add(new ByteArrayHttpMessageConverter());
                })
                .build();
    }

    RestClient rest() {
        return rest;
    }

    /**
     * Ends the selector thread and every request at once, where the JDK can. Before that the thread ends when the client
     * is collected; and at the end of the JVM, which waits for threads in native code, it costs 300 ms.
     */
    void close() {
        if (SHUTDOWN_NOW != null) {
            ReflectionUtils.invokeMethod(SHUTDOWN_NOW, client);
        }
    }

    /** Whether a proxy stands between, which then resolves the name. */
    boolean isProxied(URI uri) {
        return proxies.select(uri).stream().anyMatch(proxy -> proxy.type() != java.net.Proxy.Type.DIRECT);
    }

    private static ProxySelector proxies(@Nullable ProxySettings settings) {
        if (settings == null || (settings.host() == null && !settings.system())) {
            // Not the JDK client's default, which is the JVM-wide selector.
            return HttpClient.Builder.NO_PROXY;
        }
        return new WorkspaceProxySelector(settings);
    }

    /**
     * Basic authentication at the proxy, unasked. A client with an {@link java.net.Authenticator} would do it when
     * asked, but would drop the {@code Authorization} header that is meant for the workspace. For HTTPS through a proxy
     * the JDK leaves Basic out unless the JVM runs with {@code -Djdk.http.auth.tunneling.disabledSchemes=}.
     */
    private static @Nullable String proxyAuthorization(@Nullable ProxySettings settings) {
        if (settings == null || settings.user() == null || settings.password() == null) {
            return null;
        }
        byte[] pair = (settings.user() + ":" + settings.password()).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    /** The selector thread inherits its maker's context class loader and would keep a redeployed application alive. */
    private static HttpClient withoutContextClassLoader(HttpClient.Builder builder) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
        try {
            return builder.build();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
