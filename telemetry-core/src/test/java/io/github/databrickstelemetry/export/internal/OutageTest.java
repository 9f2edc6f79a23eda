package io.github.databrickstelemetry.export.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.breaker.BreakerStatus.BreakerState;
import io.github.databrickstelemetry.breaker.internal.CircuitBreaker;
import io.github.databrickstelemetry.breaker.internal.CircuitBreakerRegistry;
import io.github.databrickstelemetry.config.ClientSettings.CircuitBreakerSettings;
import io.github.databrickstelemetry.config.TransportSettings;
import io.github.databrickstelemetry.config.TransportSettings.ProxySettings;
import io.github.databrickstelemetry.export.TelemetryExporter;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.testing.FakeClock;
import io.github.databrickstelemetry.testing.LoopbackProxy;
import io.github.databrickstelemetry.testing.PrivateAuthority;
import io.github.databrickstelemetry.testing.StubServer;
import io.github.databrickstelemetry.testing.StubServer.Request;
import io.github.databrickstelemetry.testing.Targets;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.internal.WorkspaceHttp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.helpers.NOPLogger;

/** A long outage, and what is left of it afterwards: nothing. */
class OutageTest {

    private static final Pattern EVENT_ID = Pattern.compile("frontend_log_event_id\\\\\":\\\\\"([0-9a-f-]{36})");

    private final FakeClock clock = new FakeClock();

    private static List<String> ids(List<Request> requests) {
        List<String> ids = new ArrayList<>();
        for (Request request : requests) {
            Matcher matcher = EVENT_ID.matcher(request.text());
            while (matcher.find()) {
                ids.add(matcher.group(1));
            }
        }
        return ids;
    }

    @Test
    void deliversEveryMetricOnceAfterAnOutageOfAnHour() {
        try (StubServer server = StubServer.http()) {
            outage(server, Targets.http(server.port()));
        }
    }

    @Test
    void deliversEveryMetricOnceOverTlsWithAPrivateAuthority(@TempDir Path folder) {
        PrivateAuthority authority = new PrivateAuthority(folder);
        try (StubServer server = StubServer.https(authority.server("ip:127.0.0.1"))) {
            outage(server, Targets.of("127.0.0.1:" + server.port()).trusting(authority.client()));
        }
    }

    @Test
    void deliversEveryMetricOnceThroughAProxy() {
        try (StubServer server = StubServer.http();
                LoopbackProxy proxy = new LoopbackProxy(null, null)) {
            outage(
                    server,
                    Targets.http(server.port())
                            .transport(new TransportSettings(
                                    new ProxySettings("127.0.0.1", proxy.port(), null, null, List.of(), false), null)));
            assertThat(proxy.heads()).isNotEmpty();
        }
    }

    private void outage(StubServer server, Targets target) {
        server.answering(503);
        CircuitBreaker breaker =
                new CircuitBreakerRegistry(clock, new Random(1)).breaker("h:1", CircuitBreakerSettings.DEFAULTS);
        AtomicInteger probes = new AtomicInteger();
        TelemetryExporterFactory factory = new DatabricksTelemetryExporterFactory(
                new WorkspaceHttp(),
                clock,
                new Random(1),
                millis -> clock.advance(Duration.ofMillis(millis)),
                null,
                new Guard(NOPLogger.NOP_LOGGER));
        TelemetryTarget built = target.retries(3).build();
        TelemetryExporter exporter = batch -> factory.create(built, breaker).export(batch);
        Deque<TelemetryMetric> pending = new ArrayDeque<>();
        List<String> made = new ArrayList<>();

        // One hour of flushes, every five seconds, with seven statements each.
        for (int flush = 0; flush < 720; flush++) {
            for (TelemetryMetric metric : Metrics.statements(7)) {
                pending.add(metric);
                made.add(metric.eventId());
            }
            boolean open = breaker.state() == BreakerState.OPEN;
            int before = server.requests().size();
            flush(exporter, pending);
            if (open && server.requests().size() > before) {
                probes.addAndGet(server.requests().size() - before);
            }
            clock.advance(Duration.ofSeconds(5));
        }
        int seen = server.requests().size();
        assertThat(seen).as("threshold and probes").isEqualTo(5 + probes.get());
        assertThat(probes).as("one probe each time that the open time is over").hasValueBetween(3600 / 95, 3600 / 60);

        server.requests().clear();
        server.answering(200);
        clock.advance(Duration.ofMinutes(2));
        while (!pending.isEmpty()) {
            flush(exporter, pending);
        }

        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(ids(server.requests())).containsExactlyInAnyOrderElementsOf(made);
    }

    /** What the engine does: takes a batch out, and puts back in front what was kept. */
    private static void flush(TelemetryExporter exporter, Deque<TelemetryMetric> pending) {
        List<TelemetryMetric> batch = new ArrayList<>();
        while (batch.size() < 100 && !pending.isEmpty()) {
            batch.add(pending.remove());
        }
        List<TelemetryMetric> kept = exporter.export(batch).kept();
        for (int i = kept.size() - 1; i >= 0; i--) {
            pending.addFirst(kept.get(i));
        }
    }
}
