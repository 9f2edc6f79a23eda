package io.github.databrickstelemetry.export.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.breaker.internal.CircuitBreaker;
import io.github.databrickstelemetry.breaker.internal.CircuitBreakerRegistry;
import io.github.databrickstelemetry.config.CircuitBreakerSettings;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.TelemetryExporter;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.testing.FakeClock;
import io.github.databrickstelemetry.testing.RawServer;
import io.github.databrickstelemetry.testing.StubServer;
import io.github.databrickstelemetry.testing.StubServer.Answer;
import io.github.databrickstelemetry.testing.Targets;
import io.github.databrickstelemetry.workspace.internal.HostValidator;
import io.github.databrickstelemetry.workspace.internal.WorkspaceHttp;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.helpers.NOPLogger;

/** One metric that something refuses does not block its host; nothing is dropped while the host takes nothing at all. */
class RefusedMetricTest {

    private static final int BATCH = 100;

    private final FakeClock clock = new FakeClock();
    private final CircuitBreaker breaker =
            new CircuitBreakerRegistry(clock, new Random(1)).breaker("h:1", CircuitBreakerSettings.DEFAULTS);

    private TelemetryExporter exporter(int port) {
        return new DatabricksTelemetryExporterFactory(
                        new WorkspaceHttp(new HostValidator()),
                        clock,
                        new Random(1),
                        millis -> {},
                        null,
                        new Guard(NOPLogger.NOP_LOGGER))
                .create(Targets.http(port).retries(1).build(), breaker);
    }

    /** What the engine does, with the breaker's waits. */
    private static final class Client {

        private final Deque<TelemetryMetric> pending = new ArrayDeque<>();
        private int delivered;
        private int refused;

        void flush(TelemetryExporter exporter) {
            List<TelemetryMetric> batch = new ArrayList<>();
            while (batch.size() < BATCH && !pending.isEmpty()) {
                batch.add(pending.remove());
            }
            ExportResult result = exporter.export(batch);
            delivered += result.delivered();
            refused += result.refused();
            for (int i = result.kept().size() - 1; i >= 0; i--) {
                pending.addFirst(result.kept().get(i));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"403, 0", "403, 57", "406, 99", "500, 0", "500, 57", "200, 57"})
    void dropsTheSingleMetricThatIsRefused(int status, int position) {
        Client client = new Client();
        List<TelemetryMetric> metrics = Metrics.statements(425);
        client.pending.addAll(metrics);
        String poison = metrics.get(position).eventId();
        String page = status == 200 ? "<html>blocked</html>" : "";
        try (StubServer firewall = StubServer.http()
                .answering(
                        request -> request.text().contains(poison) ? Answer.of(status, page) : Answer.of(200, "{}"))) {
            TelemetryExporter exporter = exporter(firewall.port());
            for (int i = 0; i < 60 && !client.pending.isEmpty(); i++) {
                client.flush(exporter);
                clock.advance(Duration.ofSeconds(30));
            }
        }

        assertThat(client.delivered).isEqualTo(424);
        assertThat(client.refused).isEqualTo(1);
        assertThat(client.pending).isEmpty();
    }

    @Test
    void deliversWhatASizeLimitLetsThrough() {
        Client client = new Client();
        client.pending.addAll(Metrics.statements(425));
        try (StubServer firewall =
                StubServer.http().answering(request -> Answer.of(request.body().length > 20_000 ? 403 : 200))) {
            TelemetryExporter exporter = exporter(firewall.port());
            for (int i = 0; i < 60 && !client.pending.isEmpty(); i++) {
                client.flush(exporter);
                clock.advance(Duration.ofSeconds(30));
            }
        }

        assertThat(client.delivered).isEqualTo(425);
        assertThat(client.refused).isZero();
    }

    @ParameterizedTest
    @CsvSource({"403", "500", "503"})
    void dropsNothingInAnOutage(int status) {
        Client client = new Client();
        client.pending.addAll(Metrics.statements(250));
        AtomicInteger requests = new AtomicInteger();
        try (StubServer server = StubServer.http().answering(status)) {
            TelemetryExporter exporter = exporter(server.port());
            for (int i = 0; i < 120; i++) {
                client.flush(exporter);
                clock.advance(Duration.ofSeconds(30));
            }
            assertThat(client.refused).isZero();
            assertThat(client.pending).hasSize(250);

            clock.advance(Duration.ofSeconds(100));
            server.answering(request -> {
                requests.incrementAndGet();
                return Answer.of(200, "{}");
            });
            for (int i = 0; i < 10 && !client.pending.isEmpty(); i++) {
                client.flush(exporter);
            }
        }
        assertThat(client.delivered).isEqualTo(250);
        assertThat(client.refused).isZero();
        assertThat(requests).as("no storm of small requests").hasValueLessThan(20);
    }

    @Test
    void blamesNoMetricForAConnectionThatIsRefused() {
        int port;
        try (RawServer gone = new RawServer(RawServer.OK)) {
            port = gone.port();
        }
        TelemetryExporter exporter = exporter(port);
        Client client = new Client();
        client.pending.addAll(Metrics.statements(2));
        for (int i = 0; i < 20; i++) {
            client.flush(exporter);
            clock.advance(Duration.ofSeconds(30));
        }

        assertThat(client.refused).isZero();
        assertThat(client.pending).hasSize(2);
    }
}
