package io.github.databrickstelemetry.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.config.EngineSettings;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.export.internal.DatabricksTelemetryExporterFactory;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import io.github.databrickstelemetry.testing.StubServer;
import io.github.databrickstelemetry.testing.Targets;
import io.github.databrickstelemetry.workspace.internal.WorkspaceHttp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.slf4j.helpers.NOPLogger;

/** Real sockets that accept a connection and never answer. */
class HangingHostsTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int HOSTS = 300;

    private static void emit(TelemetryClient client) {
        client.emitter().connectionOpen("s", ConnectionDetails.UNKNOWN, 1);
    }

    @Test
    void threeHundredHostsThatHangTogetherDelayAHealthyOneByLessThanTwoSeconds() throws IOException {
        WorkspaceHttp http = new WorkspaceHttp();
        try (StubServer server = StubServer.http();
                ServerSocket silent = new ServerSocket(0, 1_000, InetAddress.getByName("0.0.0.0"));
                TelemetryEngine engine = new Engines()
                        .settings(new EngineSettings(8192, Duration.ofMillis(500)))
                        .with(new DatabricksTelemetryExporterFactory(
                                http, TelemetryClock.SYSTEM, new Random(), "test", new Guard(NOPLogger.NOP_LOGGER)))) {
            server.answering(request -> StubServer.Answer.of(200, "{}"));
            TelemetryClient healthy = engine.acquire(Targets.http(server.port()).build());
            // Twice, because the first export loads classes: on a busy machine it may take so long that it counts as
            // slow.
            for (long count = 1; count <= 2; count++) {
                long delivered = count;
                emit(healthy);
                healthy.flush();
                await().atMost(SOON).until(() -> healthy.statistics().metrics().delivered() == delivered);
            }

            List<TelemetryClient> hanging = new ArrayList<>();
            for (int i = 0; i < HOSTS; i++) {
                String address = "http://127.1." + i / 250 + "." + (1 + i % 250) + ":" + silent.getLocalPort();
                hanging.add(engine.acquire(Targets.of(address)
                        .readTimeout(Duration.ofSeconds(10))
                        .retries(0)
                        .build()));
            }
            hanging.forEach(HangingHostsTest::emit);
            hanging.forEach(TelemetryClient::flush);
            emit(healthy);
            long begin = System.nanoTime();
            healthy.flush();

            await().pollInterval(Duration.ofMillis(10))
                    .atMost(SOON)
                    .until(() -> healthy.statistics().metrics().delivered() == 3);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(2));
            assertThat(hanging).allSatisfy(client -> Sums.hold(client.statistics()));
            assertThat(hanging)
                    .noneMatch(client -> client.statistics().metrics().delivered() > 0);
        } finally {
            http.close();
        }
    }
}
