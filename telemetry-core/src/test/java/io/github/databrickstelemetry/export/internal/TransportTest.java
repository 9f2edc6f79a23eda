package io.github.databrickstelemetry.export.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.databrickstelemetry.breaker.internal.CircuitBreaker;
import io.github.databrickstelemetry.breaker.internal.CircuitBreakerRegistry;
import io.github.databrickstelemetry.config.ClientSettings.CircuitBreakerSettings;
import io.github.databrickstelemetry.config.TlsSettings;
import io.github.databrickstelemetry.config.TransportSettings;
import io.github.databrickstelemetry.config.TransportSettings.ProxySettings;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.ExportResult.ExportError;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.testing.FakeClock;
import io.github.databrickstelemetry.testing.LogWatch;
import io.github.databrickstelemetry.testing.LoopbackProxy;
import io.github.databrickstelemetry.testing.PrivateAuthority;
import io.github.databrickstelemetry.testing.RawServer;
import io.github.databrickstelemetry.testing.StubServer;
import io.github.databrickstelemetry.testing.Targets;
import io.github.databrickstelemetry.workspace.internal.WorkspaceHttp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.helpers.NOPLogger;

/** TLS with a private authority, and proxies. */
class TransportTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static SSLContext goodServer;

    @SuppressWarnings("NullAway.Init")
    private static SSLContext wrongServer;

    @SuppressWarnings("NullAway.Init")
    private static SSLContext trusting;

    private final FakeClock clock = new FakeClock();
    private final List<Long> sleeps = new CopyOnWriteArrayList<>();
    private final CircuitBreaker breaker = new CircuitBreakerRegistry(clock, new Random(1))
            .breaker("h:1", new CircuitBreakerSettings(1, Duration.ofSeconds(60), 1));

    @BeforeAll
    static void makeCertificates() {
        PrivateAuthority authority = new PrivateAuthority(folder);
        goodServer = authority.server("ip:127.0.0.1,dns:workspace.test");
        wrongServer = authority.server("dns:other.test");
        trusting = authority.client();
    }

    private ExportResult export(Targets target) {
        // No test may ask a name server: names are for the proxy to resolve.
        WorkspaceHttp http = new WorkspaceHttp(host -> new InetAddress[] {InetAddress.getLoopbackAddress()});
        return new DatabricksTelemetryExporterFactory(
                        http, clock, new Random(1), sleeps::add, null, new Guard(NOPLogger.NOP_LOGGER))
                .create(target.retries(2).build(), breaker)
                .export(Metrics.statements(2));
    }

    private static TransportSettings through(LoopbackProxy proxy, @Nullable String user, @Nullable SSLContext tls) {
        return new TransportSettings(
                new ProxySettings("127.0.0.1", proxy.port(), user, user == null ? null : "pa:ss", List.of(), false),
                tls == null ? null : new TlsSettings.Supplied(() -> tls));
    }

    @Test
    void trustsAPrivateAuthority() {
        try (StubServer server = StubServer.https(goodServer)) {
            ExportResult result =
                    export(Targets.of("127.0.0.1:" + server.port()).trusting(trusting));

            assertThat(result).isEqualTo(ExportResult.deliveredAll(2));
        }
    }

    @Test
    void refusesACertificateOfAnUnknownAuthority() {
        try (StubServer server = StubServer.https(goodServer);
                LogWatch log = new LogWatch()) {
            ExportResult result = export(Targets.of("127.0.0.1:" + server.port()));

            assertThat(result.kept()).hasSize(2);
            assertThat(result.error()).isEqualTo(new ExportError("SSLHandshakeException", 0));
            assertThat(sleeps).as("no retry cures that").isEmpty();
            assertThat(breaker.tryAcquire()).as("it speaks against the host").isNull();
            assertThat(server.requests()).isEmpty();
            assertThat(log.loud()).isEmpty();
        }
    }

    @Test
    void refusesACertificateForAnotherHost() {
        try (StubServer server = StubServer.https(wrongServer)) {
            ExportResult result =
                    export(Targets.of("127.0.0.1:" + server.port()).trusting(trusting));

            assertThat(result.error()).isEqualTo(new ExportError("SSLHandshakeException", 0));
            assertThat(server.requests()).isEmpty();
            assertThat(sleeps).isEmpty();
        }
    }

    @Test
    void failsWithoutARetryWhereNoTlsIsSpoken() {
        try (RawServer server = new RawServer(RawServer.OK)) {
            server.behaveOnConnect(RawServer.text("HTTP/1.1 400 Bad Request\r\n\r\n"));

            ExportResult result = export(Targets.of("127.0.0.1:" + server.port()));

            assertThat(result.kept()).hasSize(2);
            assertThat(result.error())
                    .extracting(ExportError::exceptionClass)
                    .asString()
                    .startsWith("SSL");
            assertThat(sleeps).isEmpty();
        }
    }

    @Test
    void goesThroughAProxy() {
        try (StubServer server = StubServer.http();
                LoopbackProxy proxy = new LoopbackProxy(null, null)) {
            // Not from a JDBC URL and private: behind a proxy the name is not ours to resolve.
            ExportResult result = export(Targets.of("http://workspace.test:" + server.port())
                    .refusePrivateHosts()
                    .notFromJdbcUrl()
                    .transport(through(proxy, null, null)));

            assertThat(result).isEqualTo(ExportResult.deliveredAll(2));
            assertThat(proxy.heads()).singleElement().asString().startsWith("POST http://workspace.test:");
        }
    }

    @Test
    void authenticatesAtAProxy() {
        try (StubServer server = StubServer.http();
                LoopbackProxy proxy = new LoopbackProxy("us", "pa:ss")) {
            ExportResult result =
                    export(Targets.of("http://workspace.test:" + server.port()).transport(through(proxy, "us", null)));

            assertThat(result).isEqualTo(ExportResult.deliveredAll(2));
            assertThat(server.requests())
                    .singleElement()
                    .satisfies(request ->
                            assertThat(request.header("Authorization")).isEqualTo("Bearer secret-a"));
        }
    }

    @Test
    void tunnelsTlsThroughAProxyWithoutShowingItCredentials() {
        try (StubServer server = StubServer.https(goodServer);
                LoopbackProxy proxy = new LoopbackProxy(null, null)) {
            ExportResult result =
                    export(Targets.of("workspace.test:" + server.port()).transport(through(proxy, null, trusting)));

            assertThat(result).isEqualTo(ExportResult.deliveredAll(2));
            assertThat(proxy.heads())
                    .singleElement()
                    .asString()
                    .startsWith("CONNECT workspace.test:" + server.port())
                    .doesNotContain("secret-a");
        }
    }

    @Test
    void authenticatesAtAProxyThatTunnels() {
        try (StubServer server = StubServer.https(goodServer);
                LoopbackProxy proxy = new LoopbackProxy("us", "pa:ss")) {
            ExportResult result =
                    export(Targets.of("workspace.test:" + server.port()).transport(through(proxy, "us", trusting)));

            assertThat(result).isEqualTo(ExportResult.deliveredAll(2));
            assertThat(server.requests())
                    .singleElement()
                    .satisfies(request -> assertThat(request.header("Proxy-Authorization"))
                            .as("is the proxy's, not the server's")
                            .isNull());
        }
    }

    @Test
    void retriesWhatAProxyCannotReachAtPresent() {
        try (RawServer proxy = new RawServer(RawServer.text("HTTP/1.1 503 X\r\nContent-Length: 0\r\n\r\n"))) {
            ExportResult result = export(Targets.of("workspace.test")
                    .transport(new TransportSettings(
                            new ProxySettings("127.0.0.1", proxy.port(), null, null, List.of(), false),
                            new TlsSettings.Supplied(() -> trusting))));

            assertThat(result.error()).isEqualTo(new ExportError("HttpStatus", 503));
            assertThat(result.kept()).hasSize(2);
        }
    }

    @Test
    void checksAddressesAlsoBeforeASocksProxy() throws Exception {
        ProxySelector before = ProxySelector.getDefault();
        try (ServerSocket socks = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ProxySelector.setDefault(new ProxySelector() {
                @Override
                public List<Proxy> select(URI uri) {
                    return List.of(new Proxy(Proxy.Type.SOCKS, socks.getLocalSocketAddress()));
                }

                @Override
                public void connectFailed(URI uri, SocketAddress address, IOException failure) {
                    throw new IllegalStateException(failure);
                }
            });
            ExportResult result = export(Targets.of("workspace.test")
                    .refusePrivateHosts()
                    .notFromJdbcUrl()
                    .transport(new TransportSettings(new ProxySettings(null, 0, null, null, List.of(), true), null)));

            assertThat(result.error()).isEqualTo(new ExportError("HostRefusedException", 0, false, true));
            socks.setSoTimeout(1);
            assertThatThrownBy(socks::accept).isInstanceOf(SocketTimeoutException.class);
        } finally {
            ProxySelector.setDefault(before);
        }
    }

    @Test
    void keepsEverythingWhenTheProxyRefusesItsUser() {
        try (StubServer server = StubServer.https(goodServer);
                LoopbackProxy proxy = new LoopbackProxy("us", "other");
                LogWatch log = new LogWatch()) {
            ExportResult result =
                    export(Targets.of("workspace.test:" + server.port()).transport(through(proxy, "us", trusting)));

            assertThat(result.kept()).hasSize(2);
            assertThat(result.error()).isEqualTo(new ExportError("HttpStatus", 407));
            assertThat(sleeps).isEmpty();
            assertThat(server.requests()).isEmpty();
            assertThat(log.loud()).isEmpty();
            assertThat(log.ours()).noneMatch(line -> line.contains("pa:ss"));
        }
    }

    @Test
    void reachesIgnoredHostsDirectly() {
        try (StubServer server = StubServer.http();
                LoopbackProxy proxy = new LoopbackProxy(null, null)) {
            ExportResult result = export(Targets.http(server.port())
                    .transport(new TransportSettings(
                            new ProxySettings("127.0.0.1", proxy.port(), "us", "pa:ss", List.of("x", "*.0.0.1"), false),
                            null)));

            assertThat(result).isEqualTo(ExportResult.deliveredAll(2));
            assertThat(proxy.heads()).isEmpty();
            assertThat(server.requests())
                    .singleElement()
                    .satisfies(request -> assertThat(request.header("Proxy-Authorization"))
                            .as("is the proxy's, not the server's")
                            .isNull());
        }
    }
}
