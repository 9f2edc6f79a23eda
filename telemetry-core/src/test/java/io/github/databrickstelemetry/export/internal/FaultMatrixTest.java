package io.github.databrickstelemetry.export.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.breaker.BreakerStatus.BreakerState;
import io.github.databrickstelemetry.breaker.internal.CircuitBreaker;
import io.github.databrickstelemetry.breaker.internal.CircuitBreakerRegistry;
import io.github.databrickstelemetry.config.ClientSettings.CircuitBreakerSettings;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.ExportResult.ExportError;
import io.github.databrickstelemetry.export.ExportResult.Outcome;
import io.github.databrickstelemetry.export.TelemetryExporter;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.testing.FakeClock;
import io.github.databrickstelemetry.testing.LogWatch;
import io.github.databrickstelemetry.testing.RawServer;
import io.github.databrickstelemetry.testing.RawServer.Behaviour;
import io.github.databrickstelemetry.testing.Targets;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.internal.WorkspaceHttp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.helpers.NOPLogger;

/** Whatever a server does to us: what becomes of the batch, the breaker and the retry, and that it heals by itself. */
class FaultMatrixTest {

    private static final int BATCH = 3;
    private static final int RETRIES = 2;

    /** What a fault means, in the words of the design's table. */
    enum Meaning {
        DELIVERED,
        MALFORMED,
        TOO_LARGE,
        /** Kept; a failure of the host; no retry. */
        KEPT,
        /** Kept; a failure of the host; retried. */
        KEPT_AND_RETRIED
    }

    record Fault(String name, Function<RawServer, Behaviour> behaviour, Meaning meaning, int status) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Fault status(int status, Meaning meaning) {
        return status(status, "", "", meaning);
    }

    private static Fault status(int status, String header, String body, Meaning meaning) {
        String answer = "HTTP/1.1 " + status + " X\r\n" + header
                + (status == 204 ? "" : "Content-Length: " + body.length() + "\r\n") + "\r\n" + body;
        return new Fault(
                status + " " + header.strip() + " " + body.strip(), server -> RawServer.text(answer), meaning, status);
    }

    /** As text in which each byte is a character. */
    private static String gzip(String text) {
        try {
            return new String(WireFormat.gzip(text.getBytes(StandardCharsets.UTF_8)), StandardCharsets.ISO_8859_1);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Fault raw(String name, Behaviour behaviour, Meaning meaning) {
        return new Fault(name, server -> behaviour, meaning, 0);
    }

    static Stream<Fault> faults() {
        return Stream.of(
                raw("reset before an answer", RawServer.reset(""), Meaning.KEPT_AND_RETRIED),
                raw("reset mid-headers", RawServer.reset("HTTP/1.1 200 O"), Meaning.KEPT_AND_RETRIED),
                raw(
                        "reset mid-body",
                        RawServer.reset("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"num"),
                        Meaning.DELIVERED),
                raw(
                        "truncated body",
                        RawServer.close("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"num"),
                        Meaning.DELIVERED),
                raw("never answers", RawServer.silence(), Meaning.KEPT_AND_RETRIED),
                new Fault(
                        "one byte at a time, in the headers",
                        server -> server.drip("HTTP/1.1 200 OK\r\nX-Slow: "),
                        Meaning.KEPT_AND_RETRIED,
                        0),
                new Fault(
                        "one byte at a time, in the body",
                        server -> server.drip("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{"),
                        Meaning.DELIVERED,
                        200),
                new Fault(
                        "endless body",
                        server -> RawServer.text(
                                "HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n{" + "x".repeat(2_000_000)),
                        Meaning.DELIVERED,
                        200),
                new Fault(
                        "a chunk without end",
                        server -> server.drip("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\n{"),
                        Meaning.DELIVERED,
                        200),
                raw(
                        "chunks without end",
                        RawServer.text("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"
                                + "8000\r\n"
                                        .concat("x".repeat(0x8000))
                                        .concat("\r\n")
                                        .repeat(40)),
                        Meaning.DELIVERED),
                raw(
                        "a chunk of a negative size",
                        RawServer.text("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n"),
                        Meaning.DELIVERED),
                raw(
                        "a chunk of more bytes than a long holds",
                        RawServer.text(
                                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + "F".repeat(17) + "\r\n"),
                        Meaning.DELIVERED),
                raw(
                        "a negative length",
                        RawServer.close("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n{}"),
                        Meaning.DELIVERED),
                raw(
                        "a length of more than a long holds",
                        RawServer.close("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n{}"),
                        Meaning.DELIVERED),
                raw(
                        "megabytes of headers",
                        RawServer.text("HTTP/1.1 200 OK\r\n"
                                + "X-Long: "
                                        .concat("x".repeat(1000))
                                        .concat("\r\n")
                                        .repeat(3000)),
                        Meaning.KEPT),
                raw(
                        "interim responses without end",
                        RawServer.text("HTTP/1.1 100 Continue\r\n\r\n".repeat(10_000)),
                        Meaning.KEPT_AND_RETRIED),
                raw(
                        "a gzip body that explodes",
                        RawServer.close("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
                                + gzip("{" + " ".repeat(50_000_000))),
                        Meaning.DELIVERED),
                status(200, "", "{\"numProtoSuccess\":" + "9".repeat(400) + "}", Meaning.DELIVERED),
                status(200, "", "[".repeat(100_000), Meaning.KEPT),
                status(200, "", "{\"a\":".repeat(100_000), Meaning.DELIVERED),
                raw("no HTTP at all", RawServer.close("220 smtp ready\r\n\r\n"), Meaning.KEPT),
                status(200, "", "<html>a portal", Meaning.KEPT),
                status(200, "", "[1,2", Meaning.KEPT),
                status(200, "", "null", Meaning.KEPT),
                status(200, "", "{\"numProto", Meaning.DELIVERED),
                status(200, "", " \r\n", Meaning.DELIVERED),
                status(200, "", "\r\n {}", Meaning.DELIVERED),
                status(200, "", "", Meaning.DELIVERED),
                status(200, "Content-Encoding: gzip\r\n", "not gzip", Meaning.KEPT),
                status(200, "Content-Encoding: gzip\r\n", gzip("{\"numProtoSuccess\":3}"), Meaning.DELIVERED),
                status(200, "Content-Encoding: gzip\r\n", gzip("<html>a portal"), Meaning.KEPT),
                raw(
                        "in chunks",
                        RawServer.text(String.join(
                                "\r\n",
                                "HTTP/1.1 200 OK",
                                "Transfer-Encoding: chunked",
                                "",
                                "1;x",
                                "{",
                                "A",
                                "\"a\":123456",
                                "1",
                                "}",
                                "0",
                                "",
                                "")),
                        Meaning.DELIVERED),
                raw(
                        "after an interim response",
                        RawServer.text("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
                        Meaning.DELIVERED),
                status(202, Meaning.DELIVERED),
                status(204, Meaning.DELIVERED),
                status(301, "Location: http://127.0.0.1:1/\r\n", "", Meaning.KEPT),
                status(304, Meaning.KEPT),
                status(307, "Location: http://127.0.0.1:1/\r\n", "", Meaning.KEPT),
                status(400, "", "{\"error_code\":\"BAD_REQUEST\"}", Meaning.MALFORMED),
                status(400, Meaning.KEPT),
                status(400, "", "<html>Bad Request</html>", Meaning.KEPT),
                status(401, Meaning.KEPT),
                status(401, "WWW-Authenticate: Basic realm=\"x\"\r\n", "", Meaning.KEPT),
                status(403, Meaning.KEPT),
                status(404, Meaning.KEPT),
                status(405, Meaning.KEPT),
                status(407, Meaning.KEPT),
                status(408, Meaning.KEPT_AND_RETRIED),
                status(413, Meaning.TOO_LARGE),
                status(418, Meaning.KEPT),
                status(421, Meaning.KEPT),
                status(429, Meaning.KEPT),
                status(429, "Retry-After: 7\r\n", "", Meaning.KEPT),
                status(500, Meaning.KEPT_AND_RETRIED),
                status(501, Meaning.KEPT),
                status(502, Meaning.KEPT_AND_RETRIED),
                status(503, Meaning.KEPT_AND_RETRIED),
                status(503, "Retry-After: 7\r\n", "", Meaning.KEPT),
                status(503, "Retry-After: 0\r\n", "", Meaning.KEPT_AND_RETRIED),
                status(503, "Retry-After: soon\r\n", "", Meaning.KEPT_AND_RETRIED),
                status(503, "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT\r\n", "", Meaning.KEPT_AND_RETRIED),
                status(504, Meaning.KEPT_AND_RETRIED),
                status(599, Meaning.KEPT));
    }

    private final FakeClock clock = new FakeClock();
    private final List<Long> sleeps = new CopyOnWriteArrayList<>();

    private CircuitBreaker breaker(int threshold) {
        return new CircuitBreakerRegistry(clock, new Random(1))
                .breaker("h:1", new CircuitBreakerSettings(threshold, Duration.ofSeconds(60), 1));
    }

    private TelemetryExporter exporter(RawServer server, CircuitBreaker breaker, int retries) {
        TelemetryExporterFactory factory = new DatabricksTelemetryExporterFactory(
                new WorkspaceHttp(), clock, new Random(1), sleeps::add, null, new Guard(NOPLogger.NOP_LOGGER));
        TelemetryTarget target = Targets.http(server.port())
                .paths("/telemetry-ext")
                .retries(retries)
                .readTimeout(Duration.ofMillis(300))
                .build();
        return batch -> factory.create(target, breaker).export(batch);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void accountsForEveryFault(Fault fault) {
        try (RawServer server = new RawServer(RawServer.OK);
                LogWatch log = new LogWatch()) {
            server.behave(fault.behaviour.apply(server));
            CircuitBreaker breaker = breaker(100);
            List<TelemetryMetric> batch = Metrics.statements(BATCH);

            ExportResult result = exporter(server, breaker, RETRIES).export(batch);

            boolean kept = fault.meaning == Meaning.KEPT || fault.meaning == Meaning.KEPT_AND_RETRIED;
            assertThat(result.delivered()).isEqualTo(fault.meaning == Meaning.DELIVERED ? BATCH : 0);
            assertThat(result.malformed()).isEqualTo(fault.meaning == Meaning.MALFORMED ? BATCH : 0);
            assertThat(result.tooLarge()).isEqualTo(fault.meaning == Meaning.TOO_LARGE ? BATCH : 0);
            assertThat(result.kept()).isEqualTo(kept ? batch : List.of());
            assertThat(result.outcome())
                    .isEqualTo(fault.meaning == Meaning.DELIVERED ? Outcome.SUCCESS : Outcome.FAILURE);
            if (fault.meaning == Meaning.DELIVERED) {
                assertThat(result.error()).isNull();
            } else {
                assertThat(result.error()).extracting(ExportError::httpStatus).isEqualTo(fault.status);
            }
            int requests = switch (fault.meaning) {
                case KEPT_AND_RETRIED -> 1 + RETRIES;
                // Three metrics, split until each is alone: 3, 1, 2, 1, 1.
                case TOO_LARGE -> 5;
                default -> 1;
            };
            assertThat(server.requests()).isEqualTo(requests);
            assertThat(sleeps).hasSize(fault.meaning == Meaning.KEPT_AND_RETRIED ? RETRIES : 0);
            assertThat(log.loud()).isEmpty();
            assertThat(log.ours()).noneMatch(line -> line.contains("secret-a"));
        }
    }

    @ParameterizedTest
    @MethodSource("faults")
    void countsAtTheBreakerWhatSpeaksAgainstTheHost(Fault fault) {
        try (RawServer server = new RawServer(RawServer.OK)) {
            server.behave(fault.behaviour.apply(server));
            CircuitBreaker breaker = breaker(1);

            exporter(server, breaker, 0).export(Metrics.statements(1));

            boolean failure = fault.meaning == Meaning.KEPT || fault.meaning == Meaning.KEPT_AND_RETRIED;
            assertThat(breaker.state()).isEqualTo(failure ? BreakerState.OPEN : BreakerState.CLOSED);
        }
    }

    @ParameterizedTest
    @MethodSource("faults")
    void recoversWithoutARestart(Fault fault) {
        try (RawServer server = new RawServer(RawServer.OK)) {
            server.behave(fault.behaviour.apply(server));
            TelemetryExporter exporter = exporter(server, breaker(1), 1);
            exporter.export(Metrics.statements(BATCH));

            server.behave(RawServer.OK);
            clock.advance(Duration.ofSeconds(100));
            ExportResult first = exporter.export(Metrics.statements(BATCH));
            // A connection that broke after its last answer may cost the first request.
            clock.advance(Duration.ofSeconds(100));
            ExportResult second = exporter.export(Metrics.statements(BATCH));

            assertThat(first.delivered() + first.kept().size()).isEqualTo(BATCH);
            assertThat(second).isEqualTo(ExportResult.deliveredAll(BATCH));
        }
    }
}
