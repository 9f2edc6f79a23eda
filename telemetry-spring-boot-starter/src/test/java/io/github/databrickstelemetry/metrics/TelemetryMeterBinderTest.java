package io.github.databrickstelemetry.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.databrickstelemetry.AnyEngine;
import io.github.databrickstelemetry.AnyTarget;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.engine.internal.TelemetryEngine;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.event.TelemetrySession;
import io.github.databrickstelemetry.export.ExportResult;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The meters over the real engine. */
class TelemetryMeterBinderTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String PROD = "prod.example.com:443";

    private final CompletableFuture<Void> serviceAnswers = new CompletableFuture<>();
    private final TelemetryEngine engine = AnyEngine.with((target, breaker) -> batch -> {
        serviceAnswers.join();
        return new ExportResult(ExportResult.Outcome.SUCCESS, batch.size() - 1, 1, 0, 0, List.of(), null);
    });
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final TelemetryMeterBinder binder = new TelemetryMeterBinder(engine, System::nanoTime, Duration.ZERO);

    @AfterEach
    void close() {
        serviceAnswers.complete(null);
        engine.close();
    }

    @Test
    void hasTheMetersOfEveryHostWithTheirTags() {
        binder.bindTo(registry);
        work(client("prod"));
        serviceAnswers.complete(null);

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(registry.getMeters().stream()
                                .map(Meter::getId)
                                .map(id -> id.getName()
                                        + id.getTags().stream()
                                                .filter(tag -> !tag.getKey().equals("host"))
                                                .map(tag -> " " + tag.getKey() + "=" + tag.getValue())
                                                .sorted()
                                                .collect(Collectors.joining())))
                        .containsExactlyInAnyOrder(
                                "databricks.telemetry.events type=connection.open",
                                "databricks.telemetry.events type=connection.close",
                                "databricks.telemetry.events type=statement.start",
                                "databricks.telemetry.events type=statement.complete",
                                "databricks.telemetry.events type=statement.poll",
                                "databricks.telemetry.events type=cloudfetch.chunk",
                                "databricks.telemetry.events type=error",
                                "databricks.telemetry.metrics outcome=delivered",
                                "databricks.telemetry.metrics outcome=rejected",
                                "databricks.telemetry.dropped reason=queue_full",
                                "databricks.telemetry.dropped reason=overflow",
                                "databricks.telemetry.dropped reason=malformed",
                                "databricks.telemetry.dropped reason=too_large",
                                "databricks.telemetry.dropped reason=flag_off",
                                "databricks.telemetry.dropped reason=closed",
                                "databricks.telemetry.dropped reason=orphan",
                                "databricks.telemetry.queue",
                                "databricks.telemetry.pending",
                                "databricks.telemetry.statements.inflight",
                                "databricks.telemetry.circuitbreaker.state state=closed",
                                "databricks.telemetry.circuitbreaker.state state=open",
                                "databricks.telemetry.circuitbreaker.state state=half_open",
                                "databricks.telemetry.export outcome=success",
                                "databricks.sql.statement operation=execute_statement outcome=success",
                                "databricks.sql.statement operation=execute_statement outcome=failure"));
        assertThat(registry.getMeters())
                .allSatisfy(meter -> assertThat(meter.getId().getTag("host")).isEqualTo(PROD));
    }

    @Test
    void countsEventsMetricsAndDrops() {
        binder.bindTo(registry);
        work(client("prod"));
        serviceAnswers.complete(null);

        await().atMost(LONG).untilAsserted(() -> {
            assertThat(counter("databricks.telemetry.events", "type", "statement.start"))
                    .isEqualTo(2);
            assertThat(counter("databricks.telemetry.dropped", "reason", "orphan"))
                    .isEqualTo(1);
            assertThat(counter("databricks.telemetry.metrics", "outcome", "rejected"))
                    .isEqualTo(1);
            assertThat(counter("databricks.telemetry.metrics", "outcome", "delivered"))
                    .isEqualTo(2);
            assertThat(gauge("databricks.telemetry.pending")).isZero();
            assertThat(registry.get("databricks.telemetry.circuitbreaker.state")
                            .tag("state", "closed")
                            .gauge()
                            .value())
                    .isEqualTo(1);
            assertThat(registry.get("databricks.telemetry.circuitbreaker.state")
                            .tag("state", "open")
                            .gauge()
                            .value())
                    .isZero();
        });
    }

    @Test
    void timesStatementsAndExports() {
        binder.bindTo(registry);
        work(client("prod"));
        serviceAnswers.complete(null);

        await().atMost(LONG).untilAsserted(() -> {
            assertThat(registry.get("databricks.sql.statement")
                            .tag("outcome", "success")
                            .timer()
                            .totalTime(TimeUnit.MILLISECONDS))
                    .isEqualTo(20);
            assertThat(registry.get("databricks.sql.statement")
                            .tag("outcome", "failure")
                            .timer()
                            .totalTime(TimeUnit.MILLISECONDS))
                    .isEqualTo(30);
            assertThat(registry.get("databricks.telemetry.export").timer().count())
                    .isPositive();
        });
    }

    @Test
    void showsWhatWaits() {
        binder.bindTo(registry);
        TelemetryClient client = client("prod");
        TelemetrySession session = client.emitter().connectionOpen("s", ConnectionDetails.UNKNOWN, 1);
        client.emitter().statementStart(session, OperationType.EXECUTE_STATEMENT, StatementType.SQL);
        client.flush();

        await().atMost(LONG).untilAsserted(() -> {
            assertThat(gauge("databricks.telemetry.pending")).isEqualTo(1);
            assertThat(gauge("databricks.telemetry.statements.inflight")).isEqualTo(1);
            assertThat(gauge("databricks.telemetry.queue")).isZero();
        });
    }

    @Test
    void bindsHostsThatWereThereBeforeTheRegistryWas() {
        client("prod");

        await().atMost(LONG).untilAsserted(() -> {
            MeterRegistry late = new SimpleMeterRegistry();
            binder.bindTo(late);
            assertThat(hosts(late)).containsExactly(PROD);
        });
    }

    @Test
    void bindsEveryRegistry() {
        MeterRegistry second = new SimpleMeterRegistry();
        binder.bindTo(registry);
        binder.bindTo(second);
        client("prod");

        await().atMost(LONG).untilAsserted(() -> {
            assertThat(hosts(registry)).containsExactly(PROD);
            assertThat(hosts(second)).containsExactly(PROD);
        });
    }

    @Test
    void countersKeepWhatClosedClientsHadCounted() {
        serviceAnswers.complete(null);
        binder.bindTo(registry);
        for (int i = 0; i < 3; i++) {
            TelemetryClient client = client("prod");
            client.emitter().connectionOpen("s", ConnectionDetails.UNKNOWN, 1);
            engine.release(client);
        }

        await().atMost(LONG).untilAsserted(() -> {
            assertThat(engine.clients()).isEmpty();
            assertThat(counter("databricks.telemetry.events", "type", "connection.open"))
                    .isEqualTo(3);
            assertThat(counter("databricks.telemetry.metrics", "outcome", "rejected"))
                    .isEqualTo(3);
        });
    }

    @Test
    void hostsBeyondTheBoundShareATag() {
        binder.bindTo(registry);
        for (int i = 0; i < TelemetryMeterBinder.MAX_HOSTS + 20; i++) {
            client("h" + i).emitter().connectionOpen("s", ConnectionDetails.UNKNOWN, 1);
        }

        await().atMost(LONG).untilAsserted(() -> {
            assertThat(hosts(registry))
                    .hasSize(TelemetryMeterBinder.MAX_HOSTS + 1)
                    .contains(TelemetryMeterBinder.OTHER);
            assertThat(registry.get("databricks.telemetry.events")
                            .tags("host", TelemetryMeterBinder.OTHER, "type", "connection.open")
                            .functionCounter()
                            .count())
                    .isEqualTo(20);
            assertThat(registry.get("databricks.telemetry.circuitbreaker.state")
                            .tags("host", TelemetryMeterBinder.OTHER, "state", "closed")
                            .gauge()
                            .value())
                    .isEqualTo(20);
        });
    }

    /** Three metrics: a session, a statement that succeeds and one that fails; and an event without a statement. */
    private static void work(TelemetryClient client) {
        TelemetrySession session = client.emitter().connectionOpen("s", ConnectionDetails.UNKNOWN, 1);
        long good = client.emitter().statementStart(session, OperationType.EXECUTE_STATEMENT, StatementType.SQL);
        client.emitter().statementComplete(session, good, TimeUnit.MILLISECONDS.toNanos(20), null);
        client.emitter().statementComplete(session, good, 1, null);
        long bad = client.emitter().statementStart(session, OperationType.EXECUTE_STATEMENT, StatementType.SQL);
        client.emitter()
                .statementFailed(session, bad, TimeUnit.MILLISECONDS.toNanos(30), null, new SQLException("x", "42P01"));
        client.flush();
    }

    private TelemetryClient client(String name) {
        return engine.acquire(AnyTarget.at(name + ".example.com"));
    }

    private double counter(String name, String tag, String value) {
        return registry.get(name).tag(tag, value).functionCounter().count();
    }

    private double gauge(String name) {
        return registry.get(name).gauge().value();
    }

    private static Set<String> hosts(MeterRegistry registry) {
        return registry.getMeters().stream()
                .map(meter -> String.valueOf(meter.getId().getTag("host")))
                .collect(Collectors.toSet());
    }
}
