package io.github.databrickstelemetry.export.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.breaker.internal.CircuitBreakerRegistry;
import io.github.databrickstelemetry.config.ClientSettings.CircuitBreakerSettings;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.testing.FakeClock;
import io.github.databrickstelemetry.testing.RawServer;
import io.github.databrickstelemetry.testing.Targets;
import io.github.databrickstelemetry.workspace.internal.WorkspaceHttp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.helpers.NOPLogger;

/** What a statement costs on the wire, in a full batch, its share of the request's head included. */
class WireSizeTest {

    private static final int BATCH = 100;

    @Test
    void anOrdinaryStatementTakesAtMost700Bytes() throws Exception {
        assertThat(bytesPerStatement(false)).isBetween(300.0, 700.0);
    }

    @Test
    void anOrdinaryStatementTakesAtMost150BytesCompressed() throws Exception {
        assertThat(bytesPerStatement(true)).isBetween(30.0, 150.0);
    }

    private static double bytesPerStatement(boolean gzip) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<String> request = CompletableFuture.supplyAsync(() -> answerOne(server));
            Targets target = Targets.http(server.getLocalPort());
            FakeClock clock = new FakeClock();
            ExportResult result = new DatabricksTelemetryExporterFactory(
                            new WorkspaceHttp(),
                            clock,
                            new Random(1),
                            millis -> {},
                            null,
                            new Guard(NOPLogger.NOP_LOGGER))
                    .create(
                            (gzip ? target.gzip() : target).build(),
                            new CircuitBreakerRegistry(clock, new Random(1))
                                    .breaker("h:1", CircuitBreakerSettings.DEFAULTS))
                    .export(Metrics.statements(BATCH));

            assertThat(result).isEqualTo(ExportResult.deliveredAll(BATCH));
            String bytes = request.get(30, TimeUnit.SECONDS);
            assertThat(bytes).startsWith("POST ").contains("Authorization: Bearer ", "User-Agent: ");
            return (double) bytes.length() / BATCH;
        }
    }

    /** Takes one request, of which each byte is a character, and says that all is well. */
    private static String answerOne(ServerSocket server) {
        try (Socket socket = server.accept()) {
            String request = RawServer.readRequest(socket.getInputStream());
            RawServer.OK.answer(socket);
            return request;
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
