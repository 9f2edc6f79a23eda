package io.github.databrickstelemetry.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.event.TelemetrySession;
import io.github.databrickstelemetry.insight.BoundedNames;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TelemetryMeterBinderTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String PROD = "prod.example.com:443";

    private final MeteredEngine metered = new MeteredEngine();
    private final MeterRegistry registry = new SimpleMeterRegistry();

    @AfterEach
    void close() {
        metered.close();
    }

    @Test
    void timesStatementsAsTheSemanticConventionsSay() {
        bindAndWork();

        Timer good = registry.get("db.client.operation.duration")
                .tag("outcome", "success")
                .timer();
        assertThat(good.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(20);
        assertThat(tags(good))
                .containsExactlyInAnyOrder(
                        "db.system.name=databricks",
                        "server.address=prod.example.com",
                        "databricks.data_source=orders",
                        "databricks.warehouse.id=abc123",
                        "operation=query",
                        "outcome=success",
                        "error.type=none");
        Timer bad = registry.get("db.client.operation.duration")
                .tag("outcome", "failure")
                .timer();
        assertThat(bad.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(30);
        assertThat(bad.getId().getTag("error.type")).isEqualTo("java.sql.SQLException");
    }

    @Test
    void hasTheBucketsOfTheConventionsAndThreeMore() {
        bindAndWork();

        assertThat(Arrays.stream(registry.get("db.client.operation.duration")
                                .tag("outcome", "success")
                                .timer()
                                .takeSnapshot()
                                .histogramCounts())
                        .map(bucket -> bucket.bucket(TimeUnit.MILLISECONDS)))
                .containsExactly(
                        1.0, 5.0, 10.0, 50.0, 100.0, 500.0, 1_000.0, 5_000.0, 10_000.0, 30_000.0, 60_000.0, 300_000.0);
        assertThat(Arrays.stream(registry.get("db.client.operation.duration")
                                .tag("outcome", "success")
                                .timer()
                                .takeSnapshot()
                                .histogramCounts())
                        .map(CountAtBucket::count))
                .startsWith(0.0, 0.0, 0.0, 1.0);
    }

    @Test
    void timesThePhasesAndCountsTheChunks() {
        bindAndWork();

        assertThat(phase("execute")).isEqualTo(50);
        assertThat(phase("poll")).isEqualTo(8);
        assertThat(phase("download")).isEqualTo(12);
        assertThat(phase("consume")).isEqualTo(7);
        assertThat(registry.get("databricks.sql.chunks")
                        .tag("databricks.data_source", "orders")
                        .summary()
                        .totalAmount())
                .isEqualTo(3);
    }

    @Test
    void countsStatementsAndConnections() {
        metered.binder.bindTo(registry);
        TelemetryClient client = metered.client("prod");
        metered.work(client);
        metered.connectionFailures.add(new IOException("refused"));

        await().atMost(LONG).untilAsserted(() -> {
            assertThat(statements("orders", "success")).isEqualTo(1);
            assertThat(statements("orders", "failure")).isEqualTo(1);
            assertThat(connections("opened", "none")).isEqualTo(1);
            assertThat(connections("failed", "java.io.IOException")).isEqualTo(1);
        });
    }

    /** Of a statement that is still open when the client closes, no duration is known. */
    @Test
    void aStatementThatIsNeverClosedHasNoDuration() {
        metered.serviceAnswers.complete(null);
        metered.binder.bindTo(registry);
        TelemetryClient client = metered.client("prod");
        TelemetrySession session = client.emitter().connectionOpen("s", ConnectionDetails.UNKNOWN, 1);
        client.emitter().statementStart(session, OperationType.EXECUTE_STATEMENT, StatementType.SQL);
        metered.engine.release(client);

        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(statements("unknown", "success")).isEqualTo(1));
        assertThat(registry.find("db.client.operation.duration").timers()).isEmpty();
    }

    @Test
    void whatAnAlertNeedsIsThereBeforeTheFirstStatement() {
        metered.binder.bindTo(registry);

        assertThat(statements("idle", "failure")).isZero();
        assertThat(statements("idle", "success")).isZero();
        assertThat(connections("opened", "none")).isZero();
        assertThat(connections("failed", "other")).isZero();
        assertThat(registry.get("databricks.telemetry.swallowed")
                        .functionCounter()
                        .count())
                .isZero();
    }

    @Test
    void whatAnAlertNeedsIsThereWithTheFirstConnection() {
        metered.binder.bindTo(registry);
        metered.client("prod");

        await().atMost(LONG).untilAsserted(() -> {
            assertThat(counter("databricks.telemetry.dropped", "reason", "overflow"))
                    .isZero();
            assertThat(registry.get("databricks.telemetry.export")
                            .tag("outcome", "failure")
                            .timer()
                            .count())
                    .isZero();
            assertThat(state("circuitbreaker.state", "closed")).isEqualTo(1);
            assertThat(state("circuitbreaker.state", "open")).isZero();
            assertThat(state("flag.state", "overridden")).isEqualTo(1);
            assertThat(state("flag.state", "off")).isZero();
            assertThat(state("client.status", "active")).isEqualTo(1);
            assertThat(state("client.status", "paused")).isZero();
        });
    }

    @Test
    void countsEventsMetricsAndDrops() {
        bindAndWork();
        metered.serviceAnswers.complete(null);

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
            assertThat(registry.get("databricks.telemetry.export")
                            .tag("outcome", "success")
                            .timer()
                            .count())
                    .isPositive();
        });
    }

    @Test
    void showsWhatWaits() {
        metered.binder.bindTo(registry);
        TelemetryClient client = metered.client("prod");
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
    void theAgeOfTheLastSuccessCountsFromTheFirstConnection() {
        metered.binder.bindTo(registry);
        metered.client("prod");
        await().atMost(LONG)
                .until(() ->
                        registry.find("databricks.telemetry.last.success.age").gauge() != null);

        metered.epochMillis = 1_090_000;
        assertThat(gauge("databricks.telemetry.last.success.age")).isEqualTo(90);
    }

    @Test
    void theAgeOfTheLastSuccessCountsFromTheLastSuccess() {
        metered.serviceAnswers.complete(null);
        bindAndWork();
        await().atMost(LONG).until(() -> counter("databricks.telemetry.metrics", "outcome", "delivered") == 2);

        metered.epochMillis = System.currentTimeMillis() + 60_000;
        assertThat(gauge("databricks.telemetry.last.success.age")).isCloseTo(60, within(30.0));
    }

    @Test
    void bindsHostsThatWereThereBeforeTheRegistryWas() {
        metered.client("prod");

        await().atMost(LONG).untilAsserted(() -> {
            MeterRegistry late = new SimpleMeterRegistry();
            metered.binder.bindTo(late);
            assertThat(hosts(late)).containsExactly(PROD);
        });
    }

    @Test
    void bindsEveryRegistry() {
        MeterRegistry second = new SimpleMeterRegistry();
        metered.binder.bindTo(registry);
        metered.binder.bindTo(second);
        metered.client("prod");

        await().atMost(LONG).untilAsserted(() -> {
            assertThat(hosts(registry)).containsExactly(PROD);
            assertThat(hosts(second)).containsExactly(PROD);
        });
    }

    @Test
    void countersKeepWhatClosedClientsHadCounted() {
        metered.serviceAnswers.complete(null);
        metered.binder.bindTo(registry);
        for (int i = 0; i < 3; i++) {
            TelemetryClient client = metered.client("prod");
            client.emitter().connectionOpen("s", ConnectionDetails.UNKNOWN, 1);
            metered.engine.release(client);
        }

        await().atMost(LONG).untilAsserted(() -> {
            assertThat(metered.engine.clients()).isEmpty();
            assertThat(counter("databricks.telemetry.events", "type", "connection.open"))
                    .isEqualTo(3);
            assertThat(counter("databricks.telemetry.metrics", "outcome", "rejected"))
                    .isEqualTo(3);
        });
    }

    @Test
    void hostsBeyondTheBoundShareATag() {
        metered.binder.bindTo(registry);
        for (int i = 0; i < 120; i++) {
            metered.client("h" + i).emitter().connectionOpen("s", ConnectionDetails.UNKNOWN, 1);
        }

        await().atMost(LONG).untilAsserted(() -> {
            assertThat(hosts(registry)).hasSize(101).contains(BoundedNames.OTHER);
            assertThat(registry.get("databricks.telemetry.events")
                            .tags("host", BoundedNames.OTHER, "type", "connection.open")
                            .functionCounter()
                            .count())
                    .isEqualTo(20);
            assertThat(registry.get("databricks.telemetry.circuitbreaker.state")
                            .tags("host", BoundedNames.OTHER, "state", "closed")
                            .gauge()
                            .value())
                    .isEqualTo(20);
        });
    }

    @Test
    void dataSourcesBeyondTheBoundShareATag() {
        metered.binder.bindTo(registry);
        TelemetryClient client = metered.client("prod");
        for (int i = 0; i < 120; i++) {
            metered.work(client, "ds" + i);
        }

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(registry.find("db.client.operation.duration").timers().stream()
                                .mapToLong(Timer::count)
                                .sum())
                        .isEqualTo(240));
        assertThat(registry.find("db.client.operation.duration").timers().stream()
                        .map(timer -> timer.getId().getTag("databricks.data_source"))
                        .distinct())
                .hasSize(100)
                .contains(BoundedNames.OTHER);
    }

    @Test
    void aFilterThatThrowsFailsNothingAndIsCounted() {
        registry.config().meterFilter(new MeterFilter() {
            @Override
            public MeterFilterReply accept(Meter.Id id) {
                throw new IllegalStateException("broken filter");
            }
        });
        MeterRegistry healthy = new SimpleMeterRegistry();
        metered.binder.bindTo(registry);
        metered.binder.bindTo(healthy);
        metered.work(metered.client("prod"));

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(
                                healthy.find("db.client.operation.duration").timers())
                        .hasSize(2));
        assertThat(metered.guard.count()).isPositive();
    }

    private void bindAndWork() {
        metered.binder.bindTo(registry);
        metered.work(metered.client("prod"));
        await().atMost(LONG)
                .until(() -> registry.find("db.client.operation.duration").timers().stream()
                                .mapToLong(Timer::count)
                                .sum()
                        == 2);
    }

    private double phase(String phase) {
        return registry.get("databricks.sql.phase")
                .tags("phase", phase, "databricks.data_source", "orders")
                .timer()
                .totalTime(TimeUnit.MILLISECONDS);
    }

    private double statements(String dataSource, String outcome) {
        return registry.get("databricks.sql.statements")
                .tags("databricks.data_source", dataSource, "outcome", outcome)
                .functionCounter()
                .count();
    }

    private double connections(String outcome, String errorType) {
        return registry.get("databricks.sql.connections")
                .tags("outcome", outcome, "error.type", errorType)
                .meter()
                .measure()
                .iterator()
                .next()
                .getValue();
    }

    private double counter(String name, String tag, String value) {
        return registry.get(name).tag(tag, value).functionCounter().count();
    }

    private double state(String name, String state) {
        return registry.get("databricks.telemetry." + name)
                .tag("state", state)
                .gauge()
                .value();
    }

    private double gauge(String name) {
        return registry.get(name).gauge().value();
    }

    private static Set<String> tags(Meter meter) {
        return meter.getId().getTags().stream()
                .map(tag -> tag.getKey() + "=" + tag.getValue())
                .collect(Collectors.toSet());
    }

    private static Set<String> hosts(MeterRegistry registry) {
        return registry.getMeters().stream()
                .filter(meter -> meter.getId().getTag("host") != null)
                .map(meter -> String.valueOf(meter.getId().getTag("host")))
                .collect(Collectors.toSet());
    }
}
