package io.github.databrickstelemetry.export.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.breaker.BreakerStatus.BreakerState;
import io.github.databrickstelemetry.breaker.internal.CircuitBreaker;
import io.github.databrickstelemetry.breaker.internal.CircuitBreakerRegistry;
import io.github.databrickstelemetry.config.ClientSettings.CircuitBreakerSettings;
import io.github.databrickstelemetry.config.TransportSettings;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.ErrorDetails;
import io.github.databrickstelemetry.event.ErrorDetails.ErrorKind;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.ExportResult.ExportError;
import io.github.databrickstelemetry.export.ExportResult.Outcome;
import io.github.databrickstelemetry.export.TelemetryExporter;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.testing.FakeClock;
import io.github.databrickstelemetry.testing.RawServer;
import io.github.databrickstelemetry.testing.StubServer;
import io.github.databrickstelemetry.testing.StubServer.Answer;
import io.github.databrickstelemetry.testing.StubServer.Request;
import io.github.databrickstelemetry.testing.Targets;
import io.github.databrickstelemetry.workspace.CredentialSource;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.internal.ServicePrincipalCredentials;
import io.github.databrickstelemetry.workspace.internal.WorkspaceHttp;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.helpers.NOPLogger;

class DatabricksTelemetryExporterTest {

    private static final ExportError REFUSED = new ExportError("HostRefusedException", 0, false, true);

    private final FakeClock clock = new FakeClock();
    private final StubServer server = StubServer.http();
    private final List<Long> sleeps = new CopyOnWriteArrayList<>();
    private final CircuitBreaker breaker =
            new CircuitBreakerRegistry(clock, new Random(1)).breaker("h:1", CircuitBreakerSettings.DEFAULTS);
    private final DatabricksTelemetryExporterFactory factory = new DatabricksTelemetryExporterFactory(
            new WorkspaceHttp(), clock, new Random(1), sleeps::add, "app", new Guard(NOPLogger.NOP_LOGGER));

    @AfterEach
    void stop() {
        server.close();
    }

    private Targets target() {
        return Targets.http(server.port());
    }

    /** As the engine does: each batch gets an exporter of its own. */
    private TelemetryExporter exporter(Targets target) {
        TelemetryTarget built = target.build();
        return batch -> factory.create(built, breaker).export(batch);
    }

    private List<String> paths() {
        return server.requests().stream().map(Request::path).toList();
    }

    @Test
    void exportsMetricsToTheAuthenticatedEndpoint() {
        ExportResult result = exporter(target()).export(Metrics.statements(3));

        assertThat(result).isEqualTo(ExportResult.deliveredAll(3));
        assertThat(server.requests()).hasSize(1);
        Request request = server.requests().get(0);
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.path()).isEqualTo("/api/2.0/sql/telemetry-ext");
        assertThat(request.header("Authorization")).isEqualTo("Bearer secret-a");
        assertThat(request.header("x-databricks-org-id")).isEqualTo("4711");
        assertThat(request.header("Content-Type")).isEqualTo("application/json");
        assertThat(request.header("Accept")).isEqualTo("application/json");
        assertThat(request.header("Cookie")).isNull();
        assertThat(request.header("Transfer-Encoding")).isNull();
    }

    @Test
    void namesTheWorkspaceAsTheOrganisationWhereNoOtherIsKnown() {
        exporter(target().orgId(null)).export(Metrics.statements(1));

        assertThat(server.requests().get(0).header("x-databricks-org-id")).isEqualTo("1234567890123456");
    }

    @Test
    void includesWorkspaceSessionAndStatement() {
        TelemetryMetric.StatementMetric metric = Metrics.statement();

        exporter(target()).export(List.of(metric));

        assertThat(server.requests().get(0).text())
                .contains("\\\"workspace_id\\\":1234567890123456")
                .contains("\\\"session_id\\\":\\\"" + Metrics.SESSION.sessionId())
                .contains("\\\"sql_statement_id\\\":\\\"" + metric.statementId())
                .contains("\\\"frontend_log_event_id\\\":\\\"" + metric.eventId())
                .doesNotContain("system_configuration", "driver_connection_params", "null", "NONE", "false", ":0");
    }

    @Test
    void carriesTheSameEventIdInEveryAttempt() {
        AtomicInteger answers = new AtomicInteger();
        server.answering(request -> Answer.of(answers.incrementAndGet() < 3 ? 503 : 200));

        exporter(target().retries(3)).export(List.of(Metrics.statement()));

        assertThat(server.requests()).hasSize(3);
        assertThat(server.requests().stream().map(Request::text).distinct()).hasSize(1);
    }

    @Test
    void carriesNothingThatIdentifiesWithoutAuthentication() {
        Targets target = target().unauthenticated()
                .headers(Map.of("Authorization", "Basic abc", "X-Databricks-Org-Id", "4711", "X-Tag", "t"));
        List<TelemetryMetric> batch = List.of(Metrics.session(), Metrics.statement(), Metrics.error());

        ExportResult result = exporter(target).export(batch);

        assertThat(result.delivered()).isEqualTo(3);
        Request request = server.requests().get(0);
        assertThat(request.path()).isEqualTo("/api/2.0/sql/telemetry-unauth");
        assertThat(request.header("Authorization")).isNull();
        assertThat(request.header("x-databricks-org-id")).isNull();
        assertThat(request.header("X-Tag")).isEqualTo("t");
        assertThat(request.text())
                .contains("operation_type", "error_name")
                .doesNotContain(
                        "workspace_id",
                        "session_id",
                        "sql_statement_id",
                        "auth_type",
                        "system_configuration",
                        "driver_connection_params",
                        "stack_trace",
                        "127.0.0.1",
                        "4711");
    }

    @Test
    void sendsNothingWithoutCredentials() {
        ExportResult result =
                exporter(target().credentials(CredentialSource.NONE)).export(Metrics.statements(2));

        assertThat(result.outcome()).isEqualTo(Outcome.FAILURE);
        assertThat(result.error()).isEqualTo(ExportError.ofCredentials("NoCredentials"));
        assertThat(result.kept()).hasSize(2);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void neverCountsMissingCredentialsAgainstTheHost() {
        TelemetryExporter exporter = exporter(target().credentials(CredentialSource.NONE));

        for (int i = 0; i < 10; i++) {
            exporter.export(Metrics.statements(1));
        }

        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void keepsEverythingWhenCredentialsFail() {
        CredentialSource broken = new CredentialSource() {
            @Override
            public String identity() {
                return "broken";
            }

            @Override
            public @Nullable String authorization() {
                throw new NoClassDefFoundError("secret");
            }
        };

        assertThat(exporter(target().credentials(broken))
                        .export(Metrics.statements(1))
                        .error())
                .isEqualTo(ExportError.ofCredentials("NoCredentials(NoClassDefFoundError)"));
        assertThat(server.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer a\r\nX-Injected: b", "Bearer ü", "Bearer \u0000", "", " "})
    void keepsEverythingWhenNoHeaderCanCarryTheCredentials(String value) {
        ExportResult result =
                exporter(target().credentials(Targets.token("x", value))).export(Metrics.statements(1));

        assertThat(result.error()).isEqualTo(ExportError.ofCredentials("UnprintableCredentials"));
        assertThat(result.kept()).hasSize(1);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void asksForCredentialsBeforeEveryRequest() {
        AtomicInteger rotation = new AtomicInteger();
        CredentialSource rotating = new CredentialSource() {
            @Override
            public String identity() {
                return "rotating";
            }

            @Override
            public String authorization() {
                return "Bearer t" + rotation.incrementAndGet();
            }
        };
        server.answering(request -> Answer.of("Bearer t1".equals(request.header("Authorization")) ? 401 : 200));
        TelemetryExporter exporter = exporter(target().credentials(rotating));

        ExportResult first = exporter.export(Metrics.statements(1));
        ExportResult second = exporter.export(first.kept());

        assertThat(first.error()).isEqualTo(new ExportError("HttpStatus", 401));
        assertThat(second).isEqualTo(ExportResult.deliveredAll(1));
    }

    @Test
    void sendsExtraHeadersButNeverInPlaceOfOurs() {
        exporter(target().headers(Map.of(
                        "X-Team",
                        "data",
                        "authorization",
                        "Bearer other",
                        "Host",
                        "evil",
                        "Content-Length",
                        "1",
                        "Connection",
                        "close")))
                .export(Metrics.statements(1));

        Request request = server.requests().get(0);
        assertThat(request.header("X-Team")).isEqualTo("data");
        assertThat(request.header("Authorization")).isEqualTo("Bearer secret-a");
        assertThat(request.header("Host")).startsWith("127.0.0.1");
    }

    @Test
    void movesOnToTheNextPathAndRemembersIt() {
        server.answering(request -> Answer.of(request.path().startsWith("/api/") ? 404 : 200));
        TelemetryExporter exporter = exporter(target());

        exporter.export(Metrics.statements(1));
        exporter.export(Metrics.statements(1));
        exporter(target().credentials(Targets.token("b", "Bearer secret-b"))).export(Metrics.statements(1));

        assertThat(paths())
                .containsExactly("/api/2.0/sql/telemetry-ext", "/telemetry-ext", "/telemetry-ext", "/telemetry-ext");
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void triesAllPathsAgainAfterNoneWasFound() {
        server.answering(404);
        TelemetryExporter exporter = exporter(target());

        ExportResult result = exporter.export(Metrics.statements(2));
        server.answering(200);
        exporter.export(Metrics.statements(1));

        assertThat(result.kept()).hasSize(2);
        assertThat(result.error()).isEqualTo(new ExportError("HttpStatus", 404));
        assertThat(paths())
                .containsExactly("/api/2.0/sql/telemetry-ext", "/telemetry-ext", "/api/2.0/sql/telemetry-ext");
    }

    @Test
    void retriesOnRetryableErrorsWithFullJitter() {
        server.answering(503);

        ExportResult result = exporter(target().retries(3)).export(Metrics.statements(1));

        assertThat(server.requests()).hasSize(4);
        assertThat(result.error()).isEqualTo(new ExportError("HttpStatus", 503));
        assertThat(sleeps).hasSize(3);
        assertThat(sleeps.get(0)).isBetween(0L, 100L);
        assertThat(sleeps.get(1)).isBetween(0L, 200L);
        assertThat(sleeps.get(2)).isBetween(0L, 400L);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void passesOnHowLongTheServiceAsksToWaitInsteadOfWaiting(int status) {
        server.answering(request -> new Answer(status, Map.of("Retry-After", "3"), ""));

        ExportResult result = exporter(target().retries(3)).export(Metrics.statements(1));

        assertThat(result.retryAfterMillis()).isEqualTo(3_000);
        assertThat(result.kept()).hasSize(1);
        assertThat(server.requests()).hasSize(1);
        assertThat(sleeps).isEmpty();
    }

    @Test
    void sendsNothingBeforeTheTimeThatTheServiceAskedFor() {
        server.answering(request -> new Answer(429, Map.of("Retry-After", "30"), ""));
        TelemetryExporter exporter = exporter(target());
        exporter.export(Metrics.statements(1));
        server.answering(200);

        clock.advance(Duration.ofSeconds(29));
        assertThat(exporter.export(Metrics.statements(1)).outcome()).isEqualTo(Outcome.NOT_PERMITTED);
        clock.advance(Duration.ofMinutes(2));
        assertThat(exporter.export(Metrics.statements(1))).isEqualTo(ExportResult.deliveredAll(1));
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void neverRetriesA429AtOnce() {
        server.answering(429);

        ExportResult result = exporter(target().retries(3)).export(Metrics.statements(1));

        assertThat(server.requests()).hasSize(1);
        assertThat(result.retryAfterMillis()).isZero();
    }

    @Test
    void countsADateFromTheDateOfTheResponse() {
        // The server's clock is a year ahead of ours.
        String response = String.join(
                "\r\n",
                "HTTP/1.1 503 X",
                "Date: Fri, 01 Jan 2027 00:00:00 GMT",
                "Retry-After: Fri, 01 Jan 2027 00:00:05 GMT",
                "Content-Length: 0",
                "",
                "");
        try (RawServer ahead = new RawServer(RawServer.text(response))) {
            assertThat(exporter(Targets.http(ahead.port()).retries(1))
                            .export(Metrics.statements(1))
                            .retryAfterMillis())
                    .isEqualTo(5_000);
        }
    }

    @Test
    void countsADateFromNowWhereTheResponseHasNone() {
        // The fake clock starts at midnight, 1 January 2026.
        try (RawServer undated = new RawServer(RawServer.text(
                "HTTP/1.1 503 X\r\nRetry-After: Thu, 01 Jan 2026 00:00:05 GMT\r\nContent-Length: 0\r\n\r\n"))) {
            assertThat(exporter(Targets.http(undated.port()).retries(1))
                            .export(Metrics.statements(1))
                            .retryAfterMillis())
                    .isEqualTo(5_000);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"999999999999", "9223372036854775808", "99999999999999999999999999999999999999999999999999999999"
            })
    void capsRetryAfter(String asked) {
        server.answering(request -> new Answer(503, Map.of("Retry-After", asked), ""));

        assertThat(exporter(target().retries(1)).export(Metrics.statements(1)).retryAfterMillis())
                .isEqualTo(30_000);
    }

    @Test
    void stopsAtAnInterruptBetweenAttemptsAndKeepsEverything() {
        server.answering(503);
        TelemetryExporter exporter = new DatabricksTelemetryExporterFactory(
                        new WorkspaceHttp(),
                        clock,
                        new Random(1),
                        millis -> {
                            throw new InterruptedException();
                        },
                        null,
                        new Guard(NOPLogger.NOP_LOGGER))
                .create(target().retries(3).build(), breaker);

        ExportResult result = exporter.export(Metrics.statements(2));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(server.requests()).hasSize(1);
        assertThat(result.kept()).hasSize(2);
        assertThat(result.error()).isEqualTo(new ExportError("HttpStatus", 503));
    }

    @Test
    void endsARequestInFlightWhenItIsClosed() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        ExecutorService caller = Executors.newSingleThreadExecutor();
        try (RawServer silent = new RawServer(socket -> arrived.countDown())) {
            TelemetryExporter exporter =
                    factory.create(Targets.http(silent.port()).retries(3).build(), breaker);
            Future<ExportResult> export = caller.submit(() -> exporter.export(Metrics.statements(2)));
            assertThat(arrived.await(30, TimeUnit.SECONDS)).isTrue();

            exporter.close();

            ExportResult result = export.get(30, TimeUnit.SECONDS);
            assertThat(result.kept()).hasSize(2);
            assertThat(result.error()).isEqualTo(new ExportError("InterruptedIOException", 0));
            assertThat(silent.requests()).isEqualTo(1);
            assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
        } finally {
            caller.shutdownNow();
        }
    }

    private ServicePrincipalCredentials principal(Targets issuer) {
        TelemetryTarget at = issuer.readTimeout(Duration.ofMinutes(5)).build();
        return new ServicePrincipalCredentials(
                "m2m", at.host(), TransportSettings.DIRECT, at.settings(), "id", "secret", clock);
    }

    @Test
    void endsATokenRequestInFlightWhenItIsClosed() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        ExecutorService caller = Executors.newSingleThreadExecutor();
        try (RawServer silent = new RawServer(socket -> arrived.countDown())) {
            TelemetryExporter exporter = factory.create(
                    target().credentials(principal(Targets.http(silent.port()))).build(), breaker);
            Future<ExportResult> export = caller.submit(() -> exporter.export(Metrics.statements(2)));
            assertThat(arrived.await(30, TimeUnit.SECONDS)).isTrue();

            exporter.close();

            ExportResult result = export.get(30, TimeUnit.SECONDS);
            assertThat(result.kept()).hasSize(2);
            assertThat(server.requests()).isEmpty();
        } finally {
            caller.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void requestsANewTokenAfterOneWasRefused(int status) {
        AtomicInteger tokens = new AtomicInteger();
        server.answering(request -> request.path().equals("/oidc/v1/token")
                ? Answer.of(200, "{\"access_token\":\"t" + tokens.incrementAndGet() + "\",\"expires_in\":3600}")
                : Answer.of("Bearer t1".equals(request.header("Authorization")) ? status : 200));
        TelemetryExporter exporter = exporter(target().paths("/t").credentials(principal(target())));

        assertThat(exporter.export(Metrics.statements(1)).kept()).hasSize(1);
        assertThat(exporter.export(Metrics.statements(1)).delivered()).isEqualTo(1);
        assertThat(exporter.export(Metrics.statements(1)).delivered()).isEqualTo(1);
        assertThat(tokens).hasValue(2);
    }

    @Test
    void neverSendsARejectedTokenWhileANewerOneIsKnown() {
        AtomicInteger current = new AtomicInteger();
        CredentialSource replaced = new CredentialSource() {
            @Override
            public String identity() {
                return "replaced";
            }

            @Override
            public String authorization() {
                return "Bearer t" + current.get();
            }
        };
        // The token is replaced elsewhere just as it is rejected.
        server.answering(request -> {
            current.incrementAndGet();
            return Answer.of(403);
        });

        exporter(target().credentials(replaced)).export(Metrics.statements(1));

        assertThat(server.requests().stream().map(request -> request.header("Authorization")))
                .containsExactly("Bearer t0", "Bearer t1");
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 404, 405})
    void movesOnFromAPathThatIsNotProven(int status) {
        server.answering(request -> Answer.of(request.path().startsWith("/api/") ? status : 200));

        assertThat(exporter(target()).export(Metrics.statements(1))).isEqualTo(ExportResult.deliveredAll(1));
        assertThat(paths()).containsExactly("/api/2.0/sql/telemetry-ext", "/telemetry-ext");
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 404, 405})
    void staysAtAProvenPath(int status) {
        TelemetryExporter exporter = exporter(target());
        exporter.export(Metrics.statements(1));
        server.answering(status);

        ExportResult result = exporter.export(Metrics.statements(1));

        assertThat(result.error()).isEqualTo(new ExportError("HttpStatus", status));
        assertThat(paths()).containsExactly("/api/2.0/sql/telemetry-ext", "/api/2.0/sql/telemetry-ext");
    }

    @Test
    void remembersNoPathForAFailure() {
        server.answering(request -> Answer.of(request.path().startsWith("/api/") ? 404 : 500));
        TelemetryExporter exporter = exporter(target());

        exporter.export(Metrics.statements(1));
        exporter.export(Metrics.statements(1));

        assertThat(paths())
                .containsExactly(
                        "/api/2.0/sql/telemetry-ext", "/telemetry-ext", "/api/2.0/sql/telemetry-ext", "/telemetry-ext");
    }

    @Test
    void takesAPermitForEveryAttempt() {
        server.answering(500);
        TelemetryExporter exporter = exporter(target().retries(3));

        ExportResult first = exporter.export(Metrics.statements(1));
        ExportResult second = exporter.export(first.kept());
        ExportResult third = exporter.export(second.kept());

        assertThat(server.requests()).as("five failures open the breaker").hasSize(5);
        assertThat(second.outcome()).isEqualTo(Outcome.FAILURE);
        assertThat(second.error()).isEqualTo(new ExportError("HttpStatus", 500));
        assertThat(third.outcome()).isEqualTo(Outcome.NOT_PERMITTED);
        assertThat(third.kept()).hasSize(1);
        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void neverRetriesAProbe() {
        server.answering(500);
        TelemetryExporter exporter = exporter(target().retries(3));
        exporter.export(Metrics.statements(1));
        exporter.export(Metrics.statements(1));
        clock.advance(Duration.ofMinutes(2));

        exporter.export(Metrics.statements(1));

        assertThat(server.requests()).hasSize(6);
        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void splitsABatchThatIsTooLargeForTheService() {
        server.answering(request -> Answer.of(count(request) > 2 ? 413 : 200));

        ExportResult result = exporter(target()).export(Metrics.statements(7));

        assertThat(result.delivered()).isEqualTo(7);
        assertThat(result.error()).isNull();
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void isNoSuccessWhenEveryMetricIsLargerThanARequest() {
        String text = "x".repeat(4_000);
        ErrorDetails large = new ErrorDetails(ErrorKind.TERMINAL, "Large", null, 0, 0, text, text);
        TelemetryMetric metric = new TelemetryMetric.ErrorMetric(Metrics.id(), Metrics.SESSION, 0, null, large);

        ExportResult result = exporter(target().maxRequestSize(4_096)).export(List.of(metric, metric));

        assertThat(server.requests()).isEmpty();
        assertThat(result.tooLarge()).isEqualTo(2);
        assertThat(result.outcome()).isEqualTo(Outcome.FAILURE);
        assertThat(result.error()).isEqualTo(new ExportError("TooLarge", 0));
    }

    @Test
    void dropsOnlyTheMetricThatIsTooLargeByItself() {
        List<TelemetryMetric> batch = new ArrayList<>(Metrics.statements(4));
        String poison = batch.get(2).eventId();
        server.answering(request -> Answer.of(request.text().contains(poison) ? 413 : 200));

        ExportResult result = exporter(target()).export(batch);

        assertThat(result.delivered()).isEqualTo(3);
        assertThat(result.tooLarge()).isEqualTo(1);
        assertThat(result.kept()).isEmpty();
    }

    @Test
    void neverSendsMoreThanARequestMayHold() {
        ExportResult result = exporter(target().maxRequestSize(4096)).export(Metrics.statements(20));

        assertThat(result).isEqualTo(ExportResult.deliveredAll(20));
        assertThat(server.requests()).hasSize(4);
        assertThat(server.requests())
                .allSatisfy(request -> assertThat(request.body()).hasSizeLessThanOrEqualTo(4096));
    }

    @Test
    void keepsWhatComesAfterAFailureInItsOrder() {
        AtomicInteger answers = new AtomicInteger();
        server.answering(request -> Answer.of(answers.incrementAndGet() == 2 ? 401 : 200));
        List<TelemetryMetric> batch = Metrics.statements(20);

        ExportResult result = exporter(target().maxRequestSize(4096)).export(batch);

        assertThat(result.delivered()).isPositive();
        assertThat(result.kept()).isEqualTo(batch.subList(result.delivered(), 20));
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void countsTheDifferenceAsRejected() {
        server.answering(request -> Answer.of(200, "{\"numSuccess\":0,\"numProtoSuccess\":2,\"errors\":[\"x\"]}"));

        ExportResult result = exporter(target()).export(Metrics.statements(5));

        assertThat(result.delivered()).isEqualTo(2);
        assertThat(result.rejected()).isEqualTo(3);
        assertThat(result.outcome()).isEqualTo(Outcome.SUCCESS);
    }

    @Test
    void believesNoImpossibleCounts() {
        TelemetryExporter exporter = exporter(target());
        server.answering(request -> Answer.of(200, "{\"numProtoSuccess\":99}"));
        assertThat(exporter.export(Metrics.statements(5)).delivered()).isEqualTo(5);
        server.answering(request -> Answer.of(200, "{\"numProtoSuccess\":-7}"));
        assertThat(exporter.export(Metrics.statements(5)).rejected()).isEqualTo(5);
        server.answering(request -> Answer.of(200, "{\"numProtoSuccess\":18446744073709551615}"));
        assertThat(exporter.export(Metrics.statements(5)).delivered()).isEqualTo(5);
        server.answering(request -> Answer.of(200, "{\"numProtoSuccess\":-18446744073709551617}"));
        assertThat(exporter.export(Metrics.statements(5)).rejected()).isEqualTo(5);
        server.answering(request -> Answer.of(200, "{\"numProtoSuccess\":\"2\"}"));
        assertThat(exporter.export(Metrics.statements(5)).delivered()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'items':[{'numProtoSuccess':0}],'at':{'numProtoSuccess':1},'numProtoSuccess':3} | 3",
                "{'numProtoSuccess':3,'errors':[[{}],7]} and more                                  | 3",
                "{'numProtoSuccess':[0]}                                                           | 5",
                "{'numProtoSuccess':3.0}                                                           | 5",
                "{'numProtoSuccess':null}                                                          | 5",
                "{'numProtoSuccess':3,                                                             | 5",
                "~~                                                                                | 5"
            })
    void understandsOnlyAWholeAnswer(String answer, int delivered) {
        server.answering(request -> Answer.of(200, answer.replace('\'', '"')));

        ExportResult result = exporter(target()).export(Metrics.statements(5));

        assertThat(result.delivered()).isEqualTo(delivered);
        assertThat(result.rejected()).isEqualTo(5 - delivered);
    }

    @Test
    void compressesWhenAskedTo() {
        exporter(target().gzip()).export(Metrics.statements(50));

        Request request = server.requests().get(0);
        assertThat(request.header("Content-Encoding")).isEqualTo("gzip");
        assertThat(count(request)).isEqualTo(50);
        assertThat(request.body().length).isLessThan(request.text().length() / 4);
    }

    @Test
    void refusesPrivateHostsUnlessAllowed() {
        ExportResult result = exporter(target().refusePrivateHosts()).export(Metrics.statements(1));

        assertThat(result.error()).isEqualTo(REFUSED);
        assertThat(result.kept()).hasSize(1);
        assertThat(server.requests()).isEmpty();
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void refusesPlainHttpUnlessAllowed() {
        ExportResult result = exporter(target().refuseHttp()).export(Metrics.statements(1));

        assertThat(result.error()).isEqualTo(REFUSED);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void refusesAPublicNameThatResolvesToThisMachine() {
        WorkspaceHttp http = new WorkspaceHttp(host -> new InetAddress[] {InetAddress.getLoopbackAddress()});
        ExportResult result = new DatabricksTelemetryExporterFactory(
                        http, clock, new Random(1), sleeps::add, null, new Guard(NOPLogger.NOP_LOGGER))
                .create(
                        Targets.of("workspace.example.com:" + server.port())
                                .refusePrivateHosts()
                                .notFromJdbcUrl()
                                .build(),
                        breaker)
                .export(Metrics.statements(1));

        assertThat(result.error()).isEqualTo(REFUSED);
    }

    @Test
    void failsForAnUnknownHostWithoutARetry() {
        ExportResult result =
                exporter(Targets.of("no-such-host.invalid").retries(3)).export(Metrics.statements(1));

        assertThat(result.error()).isEqualTo(new ExportError("UnknownHostException", 0));
        assertThat(result.kept()).hasSize(1);
        assertThat(sleeps).isEmpty();
    }

    @Test
    void recoversFromARefusedConnection() {
        int port;
        try (RawServer gone = new RawServer(RawServer.OK)) {
            port = gone.port();
        }
        TelemetryExporter exporter = exporter(Targets.http(port).retries(1));

        ExportResult refused = exporter.export(Metrics.statements(1));

        assertThat(refused.error()).isEqualTo(new ExportError("ConnectException", 0));
        assertThat(sleeps).hasSize(1);
        try (RawServer back = new RawServer(port, RawServer.OK)) {
            assertThat(exporter.export(refused.kept())).isEqualTo(ExportResult.deliveredAll(1));
            assertThat(back.requests()).isEqualTo(1);
        }
    }

    @Test
    void neverFollowsARedirect() {
        try (StubServer other = StubServer.http()) {
            server.answering(
                    request -> new Answer(302, Map.of("Location", "http://127.0.0.1:" + other.port() + "/steal"), ""));

            ExportResult result = exporter(target()).export(Metrics.statements(1));

            assertThat(result.error()).isEqualTo(new ExportError("HttpStatus", 302));
            assertThat(other.requests()).isEmpty();
        }
    }

    @Test
    void sendsOnAfterTheServerClosedTheConnectionBetweenRequests() {
        try (RawServer closing = new RawServer(RawServer.close("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"))) {
            TelemetryExporter exporter = exporter(Targets.http(closing.port()).retries(2));

            for (int i = 0; i < 10; i++) {
                assertThat(exporter.export(Metrics.statements(1))).isEqualTo(ExportResult.deliveredAll(1));
            }
        }
    }

    @Test
    void sendsNothingAfterItWasClosed() {
        TelemetryExporter exporter = factory.create(target().build(), breaker);
        exporter.close();
        exporter.close();

        assertThat(exporter.export(Metrics.statements(1)).kept()).hasSize(1);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void dropsWhatCannotBeWrittenInsteadOfTryingForEver() {
        TelemetryMetric broken = new TelemetryMetric.SessionMetric(
                "id",
                io.github.databrickstelemetry.event.SessionFixture.session(
                        "s", new ConnectionDetails(null, null, null, null, null, null, null, Map.of("x", new Object() {
                            @Override
                            public String toString() {
                                throw new IllegalStateException("a bug");
                            }
                        }))),
                1,
                io.github.databrickstelemetry.event.OperationType.CREATE_SESSION,
                1);

        ExportResult result = exporter(target()).export(List.of(Metrics.statement(), broken));

        assertThat(result.delivered()).isEqualTo(1);
        assertThat(result.malformed()).isEqualTo(1);
    }

    private static int count(Request request) {
        return request.text().split("frontend_log_event_id", -1).length - 1;
    }
}
