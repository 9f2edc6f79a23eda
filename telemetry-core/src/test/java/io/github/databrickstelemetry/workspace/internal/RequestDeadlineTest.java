package io.github.databrickstelemetry.workspace.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.databrickstelemetry.testing.PrivateAuthority;
import io.github.databrickstelemetry.testing.RawServer;
import io.github.databrickstelemetry.testing.StubServer;
import io.github.databrickstelemetry.testing.Targets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No request outlives its time, and none delays another. */
class RequestDeadlineTest {

    private static final byte[] SMALL = {'{', '}'};

    private final WorkspaceHttp http = new WorkspaceHttp();

    @AfterEach
    void close() {
        http.close();
    }

    private WorkspaceResponse get(Targets target) throws IOException {
        return http.open().get(target.build(), "/", null);
    }

    private WorkspaceResponse post(Targets target, byte[] body) throws IOException {
        return http.open().post(target.build(), "/", null, body);
    }

    @Test
    void givesABodyThatNeverEndsTwoSeconds() throws Exception {
        try (RawServer server = new RawServer(RawServer.text("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"))) {
            long start = System.nanoTime();

            WorkspaceResponse response = post(Targets.http(server.port()), SMALL);

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.getBody()).hasContent("{");
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(1_900), Duration.ofSeconds(10));
        }
    }

    @Test
    void endsAHeadOfMoreThan64KiBWithoutAnEnd() {
        try (RawServer server = new RawServer(RawServer.text("HTTP/1.1 200 OK\r\n" + "      \r\n".repeat(10_000)))) {
            assertThatThrownBy(() -> get(Targets.http(server.port()))).hasMessage("line too long");
        }
    }

    @Test
    void endsARequestWhoseHeadersTrickle() {
        try (RawServer server = new RawServer(RawServer.OK)) {
            server.behave(server.drip("HTTP/1.1 200 OK\r\nX-Slow: "));
            Targets target = Targets.http(server.port()).readTimeout(Duration.ofMillis(300));

            assertThatThrownBy(() -> get(target)).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void endsAReadWithoutTheThreadOfTheDeadlines() throws Exception {
        try (RawServer server = new RawServer(RawServer.silence())) {
            Targets target = Targets.http(server.port()).readTimeout(Duration.ofMillis(200));
            URI uri = URI.create("http://127.0.0.1:" + server.port() + "/");
            SocketExchange exchange = new SocketExchange(target.build(), http, uri);

            assertThatThrownBy(exchange.open().getInputStream()::read).isInstanceOf(SocketTimeoutException.class);
            exchange.abandon();
        }
    }

    @Test
    void endsARequestThatThePeerDoesNotRead() throws Exception {
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Targets target = Targets.http(deaf.getLocalPort()).readTimeout(Duration.ofMillis(500));

            assertThatThrownBy(() -> post(target, new byte[32 << 20])).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void readsTheResponseOfAServerThatDoesNotReadTheWholeRequest() throws Exception {
        try (ServerSocket early = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> {
                try (Socket socket = early.accept()) {
                    assertThat(socket.getInputStream().read()).isEqualTo('P');
                    RawServer.text("HTTP/1.1 413 X\r\nContent-Length: 0\r\n\r\n")
                            .answer(socket);
                    socket.shutdownOutput();
                    socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
                } catch (IOException gone) {
                    throw new IllegalStateException(gone);
                }
            });
            server.start();

            WorkspaceResponse response = post(Targets.http(early.getLocalPort()), new byte[8 << 20]);

            assertThat(response.status()).isEqualTo(413);
            server.join();
        }
    }

    @Test
    void leavesNoThreadAndNoSocket() throws Exception {
        try (StubServer server = StubServer.http()) {
            post(Targets.http(server.port()), SMALL);
        }

        await().atMost(Duration.ofSeconds(30))
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("databricks-telemetry-deadline")));
    }

    @Test
    void delaysNoOtherRequestByATrustManagerThatBlocks(@TempDir Path folder) throws Exception {
        PrivateAuthority authority = new PrivateAuthority(folder);
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        SSLContext blocking = SSLContext.getInstance("TLS");
        blocking.init(null, new TrustManager[] {new Blocking(asked, release)}, null);
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (StubServer server = StubServer.https(authority.server("ip:127.0.0.1"))) {
            Targets slow = Targets.of("127.0.0.1:" + server.port());
            Targets healthy = Targets.of("127.0.0.1:" + server.port());
            Future<WorkspaceResponse> stuck = executor.submit(() -> get(slow.trusting(blocking)));
            assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();

            WorkspaceResponse other = get(healthy.trusting(authority.client()));

            assertThat(other.status()).isEqualTo(200);
            assertThat(stuck).isNotDone();
            release.countDown();
            assertThat(stuck.get(30, TimeUnit.SECONDS).status()).isEqualTo(200);
        } finally {
            release.countDown();
            executor.shutdownNow();
        }
    }

    /** Trusts everything, but only after a while, as a revocation check does whose responder hangs. */
    private static final class Blocking extends X509ExtendedTrustManager {

        private final CountDownLatch asked;
        private final CountDownLatch release;

        Blocking(CountDownLatch asked, CountDownLatch release) {
            this.asked = asked;
            this.release = release;
        }

        private void block() {
            asked.countDown();
            try {
                release.await();
            } catch (InterruptedException interrupt) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
            block();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
            block();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            block();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
            throw new IllegalStateException("a client's trust manager");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
            throw new IllegalStateException("a client's trust manager");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {
            throw new IllegalStateException("a client's trust manager");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
