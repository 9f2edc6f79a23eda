package io.github.databrickstelemetry.actuate;

import static io.github.databrickstelemetry.insight.Statements.statement;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.databrickstelemetry.AnyEngine;
import io.github.databrickstelemetry.AnyTarget;
import io.github.databrickstelemetry.actuate.TelemetryEndpoint.Action;
import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.breaker.internal.CircuitBreaker;
import io.github.databrickstelemetry.breaker.internal.CircuitBreaker.Permit;
import io.github.databrickstelemetry.client.ClientStatus;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.config.ClientSettings.CircuitBreakerSettings;
import io.github.databrickstelemetry.engine.internal.TelemetryEngine;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.ExportResult.ExportError;
import io.github.databrickstelemetry.export.ExportResult.Outcome;
import io.github.databrickstelemetry.export.TelemetryExporter;
import io.github.databrickstelemetry.insight.RecentStatements;
import io.github.databrickstelemetry.insight.StatementTotals;
import io.github.databrickstelemetry.insight.Statements;
import io.github.databrickstelemetry.insight.TraceContexts;
import io.github.databrickstelemetry.workspace.CredentialSource;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.Status;
import org.springframework.mock.env.MockEnvironment;

/** Health and endpoint over the real engine; only the service is replaced. */
class ActuatorTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String PROD = "prod.example.com:443";
    private static final String TEST = "test.example.com:443";

    private volatile boolean serviceIsDown;
    private volatile boolean noCredentials;
    private volatile CountDownLatch serviceHangs = new CountDownLatch(0);
    private final Instant began = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    private final PauseSwitch pauseSwitch = new PauseSwitch();
    private final TelemetryEngine engine = AnyEngine.with((target, breaker) -> new Service(breaker), pauseSwitch);
    private final StatementTotals totals = new StatementTotals();
    private final RecentStatements recent = new RecentStatements(50, TraceContexts.NONE);
    private final TelemetryEndpoint endpoint = new TelemetryEndpoint(
            engine,
            pauseSwitch,
            totals,
            recent,
            false,
            () -> List.of(new Details().with("name", "orders")),
            new MockEnvironment()
                    .withProperty("spring.application.name", "shop")
                    .withProperty("databricks.telemetry.misspelt", "x"));

    @AfterEach
    void close() {
        engine.close();
    }

    /** Answers or fails as told, through the host's breaker as the real exporter does. */
    private final class Service implements TelemetryExporter {
        private final CircuitBreaker breaker;

        Service(CircuitBreaker breaker) {
            this.breaker = breaker;
        }

        @Override
        public ExportResult export(List<TelemetryMetric> batch) {
            awaitService();
            if (noCredentials) {
                return ExportResult.keptAll(Outcome.FAILURE, batch, ExportError.ofCredentials("NoCredentials"));
            }
            try (Permit permit = breaker.tryAcquire()) {
                if (permit == null) {
                    return ExportResult.keptAll(Outcome.NOT_PERMITTED, batch, new ExportError("NotPermitted", 0));
                }
                if (serviceIsDown) {
                    permit.failure();
                    return ExportResult.keptAll(Outcome.FAILURE, batch, new ExportError("ServiceUnavailable", 503));
                }
                permit.success();
                return ExportResult.deliveredAll(batch.size());
            }
        }

        private void awaitService() {
            try {
                serviceHangs.await();
            } catch (InterruptedException closing) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void isUpWithoutAnyHost() {
        assertThat(new Boot3HealthIndicator(engine).health())
                .isEqualTo(Health.up().build());
        assertThat(new Boot4HealthIndicator(engine).health().getStatus().getCode())
                .isEqualTo("UP");
    }

    @Test
    void isUpWhileTheServiceAnswersAndShowsWhatWasDelivered() {
        send(client("prod"));

        await().atMost(LONG).untilAsserted(() -> {
            Health health = new Boot3HealthIndicator(engine).health();
            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(details(health, PROD))
                    .containsEntry("status", "ACTIVE")
                    .containsEntry("circuitBreaker", "CLOSED")
                    .containsEntry("featureFlag", "OVERRIDDEN")
                    .containsEntry("pending", 0L)
                    .containsEntry("delivered", 1L)
                    .containsEntry("dropped", 0L)
                    .containsKey("lastSuccess")
                    .doesNotContainKey("lastError");
        });
    }

    @Test
    void isUnknownWhileABreakerIsOpenAndSaysWhy() {
        serviceIsDown = true;
        send(client("prod"));
        send(client("test"));

        await().atMost(LONG).untilAsserted(() -> {
            Health health = new Boot3HealthIndicator(engine).health();
            assertThat(health.getStatus()).isEqualTo(Status.UNKNOWN);
            assertThat(details(health, PROD))
                    .containsEntry("circuitBreaker", "OPEN")
                    .containsEntry("pending", 1L)
                    .doesNotContainKey("lastSuccess");
            assertIsTheOutage(map(details(health, PROD), "lastError"));
        });
        assertThat(new Boot4HealthIndicator(engine).health().getStatus().getCode())
                .isEqualTo("UNKNOWN");
    }

    @Test
    void bothLinesOfSpringBootShowTheSame() {
        client("prod");

        // The worker publishes the first snapshot in between.
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(
                                new Boot4HealthIndicator(engine).health().getDetails())
                        .isEqualTo(new Boot3HealthIndicator(engine).health().getDetails())
                        .containsKey(PROD));
    }

    @Test
    void sumsUpThePrincipalsOfAHost() {
        send(client("prod", "alice"));
        send(client("prod", "bob"));

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(details(new Boot3HealthIndicator(engine).health(), PROD))
                        .containsEntry("delivered", 2L));
        assertThat(list(host(PROD), "clients"))
                .extracting(client -> client.get("principal"))
                .containsExactlyInAnyOrder("alice", "bob");
    }

    @Test
    void theEndpointShowsTheApplicationsOwnExporters() {
        assertThat(endpoint.all()).doesNotContainKey("exporters");
        engine.addExporter(batch -> ExportResult.keptAll(Outcome.FAILURE, batch, new ExportError("Full", 0)));
        send(client("prod"));

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(list(endpoint.all(), "exporters"))
                        .singleElement()
                        .satisfies(exporter -> {
                            assertThat(exporter).containsKey("name").doesNotContainKey("lastSuccess");
                            assertThat(map(exporter, "lastError")).containsEntry("class", "Full");
                            assertThat(map(exporter, "metrics")).containsEntry("made", 1L);
                        }));
    }

    @Test
    void theEndpointShowsEveryHostAndEveryDataSource() {
        client("prod");
        client("test");

        assertThat(endpoint.all())
                .containsEntry("application", "shop")
                .containsEntry("paused", false)
                .containsEntry("swallowed", 0L)
                .containsEntry("dataSources", List.of(new Details().with("name", "orders")))
                .containsEntry("unknownProperties", List.of("databricks.telemetry.misspelt"));
        assertThat(map(endpoint.all(), "hosts")).containsOnlyKeys(PROD, TEST);
    }

    @Test
    void theEndpointShowsTheAccountsOfAHost() {
        send(client("prod"));

        await().atMost(LONG).untilAsserted(() -> {
            Map<String, Object> host = host(PROD);
            assertThat(map(host, "circuitBreaker")).containsEntry("state", "CLOSED");
            assertThat(map(map(host, "totals"), "metrics")).containsEntry("delivered", 1L);
            assertThat(map(host, "featureFlag"))
                    .containsEntry("status", "OVERRIDDEN")
                    .containsEntry("enabled", true);
            Map<String, Object> client = list(host, "clients").get(0);
            assertThat(map(client, "events"))
                    .containsEntry("emitted", 1L)
                    .containsEntry("aggregated", 1L)
                    .containsEntry("queued", 0L)
                    .containsEntry("dropped", Map.of())
                    .containsEntry("byType", Map.of("connection.open", 1L));
            assertThat(map(client, "metrics"))
                    .containsEntry("made", 1L)
                    .containsEntry("delivered", 1L)
                    .containsEntry("rejected", 0L)
                    .containsEntry("pending", 0L)
                    .containsEntry("inFlight", 0L);
            assertThat(map(client, "statements")).containsEntry("inFlight", 0L).containsEntry("evicted", 0L);
            assertThat(client).containsKey("lastSuccess");
        });
    }

    @Test
    void theEndpointShowsTheNextProbeAndTheTransitionsOfAnOpenBreaker() {
        serviceIsDown = true;
        send(client("prod"));

        await().atMost(LONG).untilAsserted(() -> {
            Map<String, Object> breaker = map(host(PROD), "circuitBreaker");
            assertThat(breaker).containsEntry("state", "OPEN");
            assertThat(Instant.parse(String.valueOf(breaker.get("nextProbe"))))
                    .isAfter(Instant.now().plus(Duration.ofMinutes(30)));
            assertThat(list(breaker, "transitions"))
                    .singleElement()
                    .satisfies(transition -> assertThat(transition)
                            .containsEntry("from", "CLOSED")
                            .containsEntry("to", "OPEN")
                            .containsKey("at"));
        });
    }

    @Test
    void theEndpointShowsTheLastError() {
        serviceIsDown = true;
        send(client("prod"));

        await().atMost(LONG)
                .untilAsserted(() ->
                        assertIsTheOutage(map(list(host(PROD), "clients").get(0), "lastError")));
    }

    /**
     * With its time: an error from before the last success must be recognisable as old. Timestamps come from the
     * monotonic clock, and may be a millisecond behind the wall clock.
     */
    private void assertIsTheOutage(Map<String, Object> lastError) {
        assertThat(lastError).containsEntry("class", "ServiceUnavailable").containsEntry("status", 503);
        assertThat(Instant.parse(String.valueOf(lastError.get("at")))).isBetween(began.minusMillis(1), Instant.now());
    }

    @Test
    void theWordOfAClosedBreakerIsSaidOfNothingElse() {
        CountDownLatch hangs = new CountDownLatch(1);
        serviceHangs = hangs;
        TelemetryClient leaving = client("prod", "alice");
        send(leaving);
        client("prod", "bob");
        engine.release(leaving);

        assertThat(leaving.statistics().status()).isEqualTo(ClientStatus.CLOSED);
        assertThat(new Boot3HealthIndicator(engine).health().getDetails().toString())
                .containsOnlyOnce("CLOSED")
                .contains("circuitBreaker=CLOSED");
        assertThat(endpoint.all().toString()).containsOnlyOnce("CLOSED").contains("circuitBreaker={state=CLOSED");
        hangs.countDown();
    }

    @Test
    void isUnknownWithoutCredentials() {
        noCredentials = true;
        send(client("prod"));

        await().atMost(LONG).untilAsserted(() -> {
            assertThat(new Boot3HealthIndicator(engine).health().getStatus()).isEqualTo(Status.UNKNOWN);
        });
        assertThat(details(new Boot3HealthIndicator(engine).health(), PROD)).containsEntry("status", "NO_CREDENTIALS");
    }

    @Test
    void showsTheSumsOfEveryDataSource() {
        finish(statement());
        finish(statement().failing());

        Map<String, Object> orders = map(map(endpoint.all(), "statements"), "orders");
        assertThat(orders).containsEntry("finished", 2L).containsEntry("failed", 1L);
        assertThat(map(orders, "phases"))
                .containsEntry("execute", 900.0)
                .containsEntry("poll", 300.0)
                .containsEntry("download", 2105.0)
                .containsEntry("consume", 1384.0);
        assertThat(map(orders, "duration"))
                .containsEntry("sum", 900.0)
                .containsEntry("counts", new long[] {0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0});
    }

    @Test
    void showsTheSlowestAndTheFailedStatements() {
        finish(statement().id("fast").executeMillis(1));
        finish(statement().id("slow"));
        finish(statement().id("bad").failing());

        Map<String, Object> statements = Objects.requireNonNull(endpoint.one("statements"));
        assertThat(list(statements, "slowest"))
                .extracting(statement -> statement.get("id"))
                .containsExactly("slow", "bad", "fast");
        assertThat(list(statements, "slowest").get(0))
                .containsEntry("dataSource", "orders")
                .containsEntry("operation", "query")
                .containsEntry("duration", 1834.0)
                .containsEntry("chunks", 5L)
                .containsEntry("polls", 3)
                .containsEntry("resultFormat", "EXTERNAL_LINKS")
                .containsEntry(
                        "queryProfile",
                        "https://prod.example.com/sql/history?queryId=slow&queryStartTimeMs=1790000000000&o=987")
                .doesNotContainKeys("error", "traceId", "queryText", "batchSize");
        Map<String, Object> failed = list(statements, "failed").get(0);
        assertThat(map(failed, "error"))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "class",
                        "com.databricks.client.jdbc.DatabricksSQLException",
                        "sqlState",
                        "42P01",
                        "httpStatus",
                        400));
        assertThat(statements.toString()).doesNotContain("vault");
    }

    @Test
    void showsQueryTextOnlyWhereItWasCaptured() {
        finish(statement().queryText("SELECT 1"));

        assertThat(list(Objects.requireNonNull(endpoint.one("statements")), "slowest")
                        .get(0))
                .containsEntry("queryText", "SELECT 1");
    }

    private void finish(Statements statement) {
        totals.onStatement(Statements.HOST, statement.metric(), statement.local());
        recent.onStatement(Statements.HOST, statement.metric(), statement.local());
    }

    @Test
    void anUnknownHostIsNotFound() {
        assertThat(endpoint.one("unknown:443")).isNull();
        assertThat(endpoint.actOnOne("unknown:443", Action.FLUSH).getStatus())
                .isEqualTo(WebEndpointResponse.STATUS_NOT_FOUND);
    }

    @Test
    void pausesAndResumesEverything() {
        TelemetryClient prod = client("prod");

        assertThat(endpoint.actOnAll(Action.PAUSE)).containsEntry("paused", true);
        assertThat(prod.statistics().status()).isEqualTo(ClientStatus.PAUSED);
        assertThat(list(host(PROD), "clients").get(0)).containsEntry("status", "PAUSED");

        assertThat(endpoint.actOnAll(Action.RESUME)).containsEntry("paused", false);
        assertThat(prod.statistics().status()).isEqualTo(ClientStatus.ACTIVE);
        assertThat(list(host(PROD), "clients").get(0)).containsEntry("status", "ACTIVE");
    }

    @Test
    void whatComesAfterAPauseOfEverythingIsPausedAsWell() {
        endpoint.actOnAll(Action.PAUSE);

        TelemetryClient late = client("late");
        assertThat(late.statistics().status()).isEqualTo(ClientStatus.PAUSED);

        endpoint.actOnAll(Action.RESUME);
        assertThat(late.statistics().status()).isEqualTo(ClientStatus.ACTIVE);
    }

    @Test
    void pausesAndResumesOneHostOnly() {
        TelemetryClient prod = client("prod");
        TelemetryClient test = client("test");

        WebEndpointResponse<Map<String, Object>> answer = endpoint.actOnOne(PROD, Action.PAUSE);
        assertThat(answer.getStatus()).isEqualTo(WebEndpointResponse.STATUS_OK);
        assertThat(answer.getBody()).isNotNull();
        assertThat(prod.statistics().status()).isEqualTo(ClientStatus.PAUSED);
        assertThat(test.statistics().status()).isEqualTo(ClientStatus.ACTIVE);

        endpoint.actOnOne(PROD, Action.RESUME);
        assertThat(prod.statistics().status()).isEqualTo(ClientStatus.ACTIVE);
    }

    @Test
    void resumesOneHostWhileEverythingIsPaused() {
        TelemetryClient prod = client("prod");
        TelemetryClient test = client("test");
        endpoint.actOnAll(Action.PAUSE);

        endpoint.actOnOne("unknown:443", Action.RESUME);
        assertThat(endpoint.all()).containsEntry("paused", true);

        endpoint.actOnOne(PROD, Action.RESUME);
        assertThat(prod.statistics().status()).isEqualTo(ClientStatus.ACTIVE);
        assertThat(test.statistics().status()).isEqualTo(ClientStatus.PAUSED);
        assertThat(endpoint.all()).containsEntry("paused", false);

        endpoint.actOnAll(Action.RESUME);
        assertThat(test.statistics().status()).isEqualTo(ClientStatus.ACTIVE);
    }

    @Test
    void flushesOnDemand() {
        client("prod").emitter().connectionOpen("s", ConnectionDetails.UNKNOWN, 1);

        endpoint.actOnAll(Action.FLUSH);

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(details(new Boot3HealthIndicator(engine).health(), PROD))
                        .containsEntry("delivered", 1L));
    }

    private TelemetryClient client(String name) {
        return client(name, "someone");
    }

    private TelemetryClient client(String name, String principal) {
        CredentialSource credentials = new CredentialSource() {
            @Override
            public String identity() {
                return principal;
            }

            @Override
            public String authorization() {
                return "Bearer secret";
            }
        };
        ClientSettings d = ClientSettings.DEFAULTS;
        ClientSettings settings = new ClientSettings(
                d.authenticatedExport(),
                d.batchSize(),
                Duration.ofHours(1),
                d.maxPending(),
                d.maxInFlightStatements(),
                d.maxErrorsPerStatement(),
                d.statementTtl(),
                d.errorDetail(),
                d.export(),
                new CircuitBreakerSettings(1, Duration.ofHours(1), 1),
                d.featureFlag());
        return engine.acquire(AnyTarget.at(name + ".example.com", credentials, settings));
    }

    private static void send(TelemetryClient client) {
        client.emitter().connectionOpen("session", ConnectionDetails.UNKNOWN, 1);
        client.flush();
    }

    private Map<String, Object> host(String host) {
        return Objects.requireNonNull(endpoint.one(host));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> details(Health health, String host) {
        assertThat(health.getDetails()).containsKey(host);
        return (Map<String, Object>) Objects.requireNonNull(health.getDetails().get(host));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Map<String, Object> outer, String key) {
        assertThat(outer).containsKey(key);
        return (Map<String, Object>) Objects.requireNonNull(outer.get(key));
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> list(Map<String, Object> outer, String key) {
        assertThat(outer).containsKey(key);
        return (List<Map<String, Object>>) Objects.requireNonNull(outer.get(key));
    }
}
