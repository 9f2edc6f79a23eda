package io.github.databrickstelemetry.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Named.named;

import com.fasterxml.jackson.databind.JsonNode;
import com.zaxxer.hikari.HikariDataSource;
import io.github.databrickstelemetry.sample.trips.TripQueries;
import io.github.databrickstelemetry.standin.ServerStatement;
import io.github.databrickstelemetry.standin.TelemetryDocument;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.SpringBootVersion;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.support.ContextPropagatingTaskDecorator;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** From a request to the application to the telemetry that the workspace received, with the real driver. */
class EndToEndTest {

    private static RunningSample sample;

    /** Of the latest request. */
    private String traceId = "";

    @BeforeAll
    static void start() {
        sample = RunningSample.start();
    }

    @AfterAll
    static void stop() {
        sample.close();
    }

    private static List<JsonNode> documents() {
        List<JsonNode> documents = new ArrayList<>();
        sample.json("/workspace/telemetry?limit=2000").path("documents").forEach(documents::add);
        return documents;
    }

    private static JsonNode awaitReport(String statementId) {
        return await().atMost(RunningSample.PATIENCE)
                .until(
                        () -> documents().stream()
                                .filter(document ->
                                        document.path("statementId").asText().equals(statementId))
                                .findFirst()
                                .orElse(null),
                        document -> document != null);
    }

    private static ServerStatement newestStatement(String part) {
        return sample.workspace().statements().stream()
                .filter(statement -> statement.sql().contains(part))
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }

    @Test
    void runsOnTheBootVersionOfThisBuild() {
        assertThat(SpringBootVersion.getVersion()).isEqualTo(System.getProperty("expected.spring-boot.version"));
    }

    @Test
    void runsOnTheJavaOfThisBuild() {
        assertThat(System.getProperty("java.specification.version"))
                .isEqualTo(System.getProperty("expected.java.version"));
    }

    @Test
    void reportsSessionAndStatementWithTheIdsThatTheWorkspaceHandedOut() {
        long before = System.nanoTime();
        HttpResponse<String> answer = sample.get("/trips/top?limit=5");
        long elapsed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before);
        assertThat(answer.statusCode()).isEqualTo(200);
        ServerStatement run = newestStatement("GROUP BY pickup_zip, dropoff_zip");

        JsonNode statement = awaitReport(run.id());

        assertThat(statement.path("operation").asText()).isEqualTo("EXECUTE_STATEMENT");
        assertThat(statement.path("sessionId").asText()).isEqualTo(run.sessionId());
        // The workspace's own time is a part of the driver's, which is a part of the request's.
        assertThat(statement.path("latencyMillis").asLong()).isBetween(run.durationMillis() - 1, elapsed + 1);
        await().atMost(RunningSample.PATIENCE)
                .untilAsserted(() -> assertThat(documents()).anySatisfy(document -> {
                    assertThat(document.path("operation").asText()).isEqualTo("CREATE_SESSION");
                    assertThat(document.path("sessionId").asText()).isEqualTo(run.sessionId());
                }));
    }

    @Test
    void reportsAFailedStatementOnceWithItsStateAndWithoutItsText() {
        assertThat(sample.get("/trips/broken").statusCode()).isEqualTo(502);
        ServerStatement run = newestStatement("helicopters");

        JsonNode report = awaitReport(run.id());

        assertThat(run.state()).isEqualTo("FAILED");
        assertThat(report.path("operation").asText()).isEqualTo("EXECUTE_STATEMENT");
        assertThat(report.path("error").asText()).isNotEmpty();
        assertThat(report.path("content").toString()).contains("42P01").doesNotContain("helicopters");
    }

    @Test
    void countsTheChunksOfALargeResult() {
        assertThat(sample.get("/trips/longest?limit=11000").statusCode()).isEqualTo(200);

        JsonNode operation = awaitReport(newestStatement("trip_distance DESC").id())
                .path("content")
                .path("entry")
                .path("sql_driver_log")
                .path("sql_operation");

        assertThat(operation.path("execution_result").asText()).isEqualTo("EXTERNAL_LINKS");
        assertThat(operation.path("chunk_details").path("total_chunks_present").asInt())
                .isEqualTo(3);
    }

    @Test
    void sendsNoTextOfAnyStatement() {
        sample.get("/trips/by-hour?zip=10003");
        sample.get("/customers/segments");
        sample.get("/trips/broken");
        await().atMost(RunningSample.PATIENCE)
                .until(() -> sample.statementsReported().containsAll(sample.statementsRun()));

        assertThat(documents())
                .isNotEmpty()
                .allSatisfy(document -> assertThat(document.path("content").toString())
                        .doesNotContainIgnoringCase("select")
                        .doesNotContain("nyctaxi", "tpch", "helicopters", "pickup_zip", "c_mktsegment", "10003")
                        .doesNotContain(sample.workspace().token()));
    }

    @Test
    void givesEachDocumentAnIdOfItsOwn() {
        sample.get("/trips/top");
        assertThat(sample.received()).extracting(TelemetryDocument::eventId).doesNotHaveDuplicates();
    }

    @Test
    void keepsThePoolUnderItsOwnType() {
        assertThat(sample.context().getBean(DataSource.class)).isExactlyInstanceOf(HikariDataSource.class);
    }

    @Test
    void showsTheBreakerInHealth() {
        awaitDelivery();
        JsonNode health = sample.health();
        assertThat(health.path("circuitBreaker").asText()).isEqualTo("CLOSED");
        assertThat(health.path("featureFlag").asText()).isEqualTo("VALID");
        assertThat(sample.json("/actuator/health").path("status").asText()).isEqualTo("UP");
    }

    @Test
    void showsAccountsThatAddUpInItsEndpoint() {
        awaitDelivery();
        JsonNode all = sample.json("/actuator/databrickstelemetry");
        assertThat(all.toString())
                .contains(sample.workspace().host())
                .doesNotContain(sample.workspace().token());
        HttpResponse<String> one =
                sample.get("/actuator/databrickstelemetry/" + sample.workspace().host());
        assertThat(one.statusCode()).isEqualTo(200);
        assertThat(sample.get("/actuator/databrickstelemetry/elsewhere:443").statusCode())
                .isEqualTo(404);
    }

    @Test
    void actsOnlyWhereAndAsTheEndpointKnows() {
        String all = "/actuator/databrickstelemetry";
        assertThat(sample.post(all, "{\"action\":\"flush\"}").statusCode()).isEqualTo(200);
        assertThat(sample.post(all, "{\"action\":\"explode\"}").statusCode()).isEqualTo(400);
        assertThat(sample.post(all, "{}").statusCode()).isEqualTo(400);
        assertThat(sample.post(all + "/elsewhere:443", "{\"action\":\"flush\"}").statusCode())
                .isEqualTo(404);
    }

    @Test
    void countsInMetersAndForPrometheus() {
        awaitDelivery();
        await().atMost(RunningSample.PATIENCE).untilAsserted(() -> {
            JsonNode meter = sample.json("/actuator/metrics/databricks.telemetry.metrics?tag=outcome:delivered");
            assertThat(meter.path("measurements").path(0).path("value").asLong())
                    .isPositive();
        });
        assertThat(sample.get("/actuator/prometheus").body())
                .contains("databricks_telemetry_events_total{")
                .contains("databricks_telemetry_circuitbreaker_state{")
                .contains("db_client_operation_duration_seconds_count{");
        assertThat(sample.json("/actuator/metrics").toString())
                .contains("databricks.telemetry.export", "databricks.telemetry.pending", "hikaricp.connections");
    }

    /** How an application hands work to another thread together with the trace. */
    private static Stream<Arguments> threads() {
        SimpleAsyncTaskExecutor async = new SimpleAsyncTaskExecutor();
        async.setTaskDecorator(new ContextPropagatingTaskDecorator());
        SimpleAsyncTaskExecutor virtual = new SimpleAsyncTaskExecutor();
        virtual.setTaskDecorator(new ContextPropagatingTaskDecorator());
        // Without virtual threads on Java 17.
        virtual.setVirtualThreads(Runtime.version().feature() >= 21);
        return Stream.of(
                Arguments.of(named("the request's own", (Consumer<Runnable>) Runnable::run)),
                Arguments.of(named("@Async", (Consumer<Runnable>)
                        task -> async.submitCompletable(task).join())),
                Arguments.of(named("virtual", (Consumer<Runnable>)
                        task -> virtual.submitCompletable(task).join())),
                Arguments.of(named("bounded elastic", (Consumer<Runnable>) task -> Mono.fromRunnable(task)
                        .subscribeOn(Schedulers.boundedElastic())
                        .contextCapture()
                        .block())));
    }

    @ParameterizedTest
    @MethodSource("threads")
    void aStatementBelongsToTheTraceOfTheThreadThatExecutesIt(Consumer<Runnable> thread) {
        Hooks.enableAutomaticContextPropagation();
        try {
            assertThat(traceOf(inATrace(thread))).isEqualTo(traceId);
        } finally {
            Hooks.disableAutomaticContextPropagation();
        }
    }

    @Test
    void aStatementOfAThreadOutsideOfTheTraceHasNone() {
        assertThat(traceOf(inATrace(task -> CompletableFuture.runAsync(task).join())))
                .isEmpty();
    }

    /** Executes a statement on such a thread; returns the statement's id. */
    private String inATrace(Consumer<Runnable> thread) {
        TripQueries queries = sample.context().getBean(TripQueries.class);
        Tracer tracer = sample.context().getBean(Tracer.class);
        Observation.createNotStarted("request", sample.context().getBean(ObservationRegistry.class))
                .observe(() -> {
                    traceId = Objects.requireNonNull(tracer.currentSpan())
                            .context()
                            .traceId();
                    thread.accept(() -> queries.byHour(10001));
                });
        return newestStatement("pickup_hour").id();
    }

    /** The trace that the endpoint shows of a statement, or nothing. */
    private static String traceOf(String statementId) {
        return await().atMost(RunningSample.PATIENCE)
                .until(
                        () -> StreamSupport.stream(
                                        sample.json("/actuator/databrickstelemetry/statements")
                                                .path("slowest")
                                                .spliterator(),
                                        false)
                                .filter(statement ->
                                        statement.path("id").asText().equals(statementId))
                                .findFirst()
                                .map(statement -> statement.path("traceId").asText())
                                .orElse(null),
                        trace -> trace != null);
    }

    private static void awaitDelivery() {
        sample.get("/trips/top");
        await().atMost(RunningSample.PATIENCE)
                .until(() -> sample.health().path("delivered").asLong() > 0);
    }
}
