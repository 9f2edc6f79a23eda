package io.github.databrickstelemetry.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.github.databrickstelemetry.standin.ServerStatement;
import io.github.databrickstelemetry.standin.ServiceMode;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.logging.LoggingSystemProperty;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/**
 * One request with two statements, a slow one with CloudFetch and a failing one, in all tools of the application: the
 * trace that its OTLP exporter sends, Prometheus, the structured log, and the endpoint. The same whatever becomes of the
 * export to the workspace.
 */
@ExtendWith(OutputCaptureExtension.class)
class InsightTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final boolean BOOT_3 = SpringBootVersion.getVersion().startsWith("3.");

    private final OtlpReceiver traces = new OtlpReceiver();

    @AfterEach
    void close() {
        traces.close();
    }

    /** Spring Boot leaves it to the next application in this JVM. */
    @AfterAll
    static void logAsBefore() {
        System.clearProperty(LoggingSystemProperty.CONSOLE_STRUCTURED_FORMAT.getEnvironmentVariableName());
    }

    private RunningSample start(String... arguments) {
        String tracing = BOOT_3 ? "management.otlp.tracing." : "management.opentelemetry.tracing.export.otlp.";
        String batches =
                BOOT_3 ? "management.tracing.opentelemetry.export." : "management.opentelemetry.tracing.export.";
        return RunningSample.start(Stream.concat(
                        Stream.of(
                                "--" + tracing + "endpoint=" + traces.endpoint(),
                                "--" + batches + "schedule-delay=50ms",
                                "--spring.profiles.active=json",
                                "--databricks.telemetry.insight.log=slow",
                                "--databricks.telemetry.insight.slow-threshold=1ms",
                                "--databricks.telemetry.circuit-breaker.failure-threshold=1",
                                "--databricks.telemetry.circuit-breaker.open-timeout=1m"),
                        Stream.of(arguments))
                .toArray(String[]::new));
    }

    @Test
    void showsBothStatementsEverywhereWhateverTheServiceAnswers(CapturedOutput output) {
        try (RunningSample sample = start()) {
            showsBothStatements(sample, output);

            sample.workspace().telemetry().setMode(ServiceMode.FORBIDDEN);
            showsBothStatements(sample, output);
            await().atMost(RunningSample.PATIENCE).until(() -> sample.breaker().equals("OPEN"));

            showsBothStatements(sample, output);

            sample.post("/actuator/databrickstelemetry", "{\"action\":\"pause\"}");
            showsBothStatements(sample, output);
        }
    }

    @Test
    void showsThemWithTheWorkspacesFlagOff(CapturedOutput output) {
        try (RunningSample sample = start()) {
            sample.post("/workspace/flag/false");
            showsBothStatements(sample, output);
            await().atMost(RunningSample.PATIENCE)
                    .until(() -> sample.health().path("featureFlag").asText().equals("OFF"));
            showsBothStatements(sample, output);
            assertThat(sample.received()).isEmpty();
        }
    }

    @Test
    void showsThemWhereTheHostMayNotBeContacted(CapturedOutput output) {
        try (RunningSample sample = start("--databricks.telemetry.export.allow-http=false")) {
            showsBothStatements(sample, output);
            assertThat(sample.health().path("status").asText()).isEqualTo("HOST_REFUSED");
            assertThat(sample.workspace().telemetryRequests()).isEmpty();
        }
    }

    @Test
    void showsThemWithoutExport(CapturedOutput output) {
        try (RunningSample sample = start("--databricks.telemetry.export.enabled=false")) {
            showsBothStatements(sample, output);
            assertThat(sample.workspace().telemetryRequests()).isEmpty();
        }
    }

    private void showsBothStatements(RunningSample sample, CapturedOutput output) {
        double succeeded = finished(sample, "success");
        double failed = finished(sample, "failure");
        assertThat(sample.get("/trips/report").statusCode()).isEqualTo(200);
        String slow = newest(sample, "trip_distance DESC");
        String broken = newest(sample, "helicopters");

        String traceId = traceShows(slow, broken);
        logShows(output, slow, "success", traceId);
        logShows(output, broken, "failure", traceId);
        endpointShows(sample, output, "slowest", slow, traceId);
        endpointShows(sample, output, "failed", broken, traceId);
        await().atMost(RunningSample.PATIENCE).untilAsserted(() -> {
            assertThat(finished(sample, "success")).isEqualTo(succeeded + 1);
            assertThat(finished(sample, "failure")).isEqualTo(failed + 1);
        });
    }

    private static String newest(RunningSample sample, String part) {
        return sample.workspace().statements().stream()
                .filter(statement -> statement.sql().contains(part))
                .map(ServerStatement::id)
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }

    /** Both spans are below the span of the request. Returns the id of its trace. */
    private String traceShows(String slow, String broken) {
        await().atMost(RunningSample.PATIENCE)
                .until(() -> request(slow) != null && span(slow) != null && span(broken) != null);
        Span request = Objects.requireNonNull(request(slow));
        Span slowSpan = Objects.requireNonNull(span(slow));
        Span failedSpan = Objects.requireNonNull(span(broken));

        assertThat(request.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
        assertThat(request.getName()).contains("/trips/report");
        assertThat(List.of(slowSpan, failedSpan)).allSatisfy(span -> {
            assertThat(span.getName()).isEqualTo("query dataSource");
            assertThat(span.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT);
            assertThat(span.getParentSpanId()).isEqualTo(request.getSpanId());
            assertThat(span.getTraceId()).isEqualTo(request.getTraceId());
            assertThat(span.getStartTimeUnixNano())
                    .isBetween(request.getStartTimeUnixNano() - 2_000_000, request.getEndTimeUnixNano());
        });
        assertThat(attributes(slowSpan))
                .containsEntry("databricks.result.chunks", "3")
                .containsEntry("databricks.result.format", "EXTERNAL_LINKS")
                .doesNotContainKey("error.type");
        assertThat(slowSpan.getEventsList())
                .extracting(Span.Event::getName)
                .containsExactly("databricks.executed", "databricks.result.ready", "databricks.result.consumed");
        assertThat(failedSpan.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
        assertThat(attributes(failedSpan)).containsKey("error.type").containsEntry("db.response.status_code", "42P01");
        assertThat(traces.spans().toString()).doesNotContain("helicopters");
        return hex(request.getTraceId());
    }

    private @Nullable Span span(String statementId) {
        return traces.spans().stream()
                .filter(span -> statementId.equals(attributes(span).get("databricks.statement.id")))
                .findFirst()
                .orElse(null);
    }

    /** The span below which a statement's span is. */
    private @Nullable Span request(String statementId) {
        Span statement = span(statementId);
        return traces.spans().stream()
                .filter(span -> statement != null && span.getSpanId().equals(statement.getParentSpanId()))
                .findFirst()
                .orElse(null);
    }

    private static Map<String, String> attributes(Span span) {
        return span.getAttributesList().stream()
                .collect(Collectors.toMap(
                        attribute -> attribute.getKey(),
                        attribute -> attribute.getValue().hasIntValue()
                                ? Long.toString(attribute.getValue().getIntValue())
                                : attribute.getValue().getStringValue()));
    }

    private static String hex(ByteString id) {
        return HexFormat.of().formatHex(id.toByteArray());
    }

    private static void logShows(CapturedOutput output, String id, String outcome, String traceId) {
        await().atMost(RunningSample.PATIENCE).until(() -> line(output, id) != null);
        JsonNode line = Objects.requireNonNull(line(output, id));
        assertThat(value(line, "traceId")).isEqualTo(traceId);
        assertThat(value(line, "databricks.outcome")).isEqualTo(outcome);
        assertThat(value(line, "databricks.data_source")).isEqualTo("dataSource");
    }

    /** Every line is JSON. */
    private static @Nullable JsonNode line(CapturedOutput output, String id) {
        return output.getOut()
                .lines()
                .filter(line -> !line.isBlank())
                .map(InsightTest::json)
                .filter(line -> value(line, "databricks.statement_id").equals(id))
                .findFirst()
                .orElse(null);
    }

    private static JsonNode json(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new AssertionError("Not JSON: " + line, e);
        }
    }

    /** Boot nests the keys by their dots, or leaves them flat. */
    private static String value(JsonNode line, String key) {
        JsonNode flat = line.path(key);
        return (flat.isMissingNode() ? line.at("/" + key.replace('.', '/')) : flat).asText();
    }

    private static void endpointShows(
            RunningSample sample, CapturedOutput output, String list, String id, String traceId) {
        JsonNode statements = sample.json("/actuator/databrickstelemetry/statements");
        JsonNode shown = StreamSupport.stream(statements.path(list).spliterator(), false)
                .filter(statement -> statement.path("id").asText().equals(id))
                .findFirst()
                .orElseThrow();
        JsonNode line = Objects.requireNonNull(line(output, id));
        assertThat(shown.path("traceId").asText()).isEqualTo(traceId);
        for (String phase : List.of("execute", "poll", "download", "consume")) {
            assertThat(shown.path("phases").path(phase).asDouble())
                    .as(phase)
                    .isEqualTo(Double.parseDouble(value(line, "databricks." + phase + "_ms")));
        }
        String link = shown.path("queryProfile").asText();
        assertThat(link)
                .startsWith("http://" + sample.workspace().host() + "/")
                .isEqualTo(value(line, "databricks.query_profile_url"));
        assertThat(RunningSample.get(link, "").body()).contains("Query history").contains(id);
    }

    /** Statements in the histogram. */
    private static double finished(RunningSample sample, String outcome) {
        return sample.get("/actuator/prometheus")
                .body()
                .lines()
                .filter(line -> line.startsWith("db_client_operation_duration_seconds_bucket{")
                        && line.contains("outcome=\"" + outcome + "\"")
                        && line.contains("le=\"+Inf\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }
}
