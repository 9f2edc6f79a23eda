package io.github.databrickstelemetry.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.config.ClientSettings.FeatureFlagSettings;
import io.github.databrickstelemetry.config.EngineSettings;
import io.github.databrickstelemetry.config.ErrorDetail;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.event.TelemetrySession;
import io.github.databrickstelemetry.export.internal.DatabricksTelemetryExporterFactory;
import io.github.databrickstelemetry.flag.internal.FeatureFlagCache;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import io.github.databrickstelemetry.testing.LogWatch;
import io.github.databrickstelemetry.testing.StubServer;
import io.github.databrickstelemetry.testing.StubServer.Answer;
import io.github.databrickstelemetry.testing.StubServer.Request;
import io.github.databrickstelemetry.testing.Targets;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.internal.WorkspaceHttp;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.NOPLogger;

/** Every fault of the services with every detail of errors: what is secret stays where it belongs. */
class PrivacyCanaryTest {

    private static final String TOKEN = "canary-token-4711";
    private static final String SQL = "SELECT canary_column FROM t WHERE name = 'canary-literal'";
    private static final String BODY = "canary-body";
    private static final String PASSWORD = "canary-password";

    /** An answer of both services, or null for a server that is gone. */
    private enum Fault {
        NONE(200, "{}"),
        PORTAL(200, "<html>" + BODY),
        MALFORMED(400, "{\"error_code\":\"X\",\"message\":\"" + BODY + "\"}"),
        GATEWAY(400, "<html>" + BODY),
        UNAUTHORIZED(401, "{\"message\":\"" + BODY + " " + TOKEN + "\"}"),
        FORBIDDEN(403, BODY),
        NOT_FOUND(404, BODY),
        PROXY(407, BODY),
        TOO_LARGE(413, BODY),
        MISDIRECTED(421, BODY),
        THROTTLED(429, BODY),
        REDIRECT(302, BODY),
        BROKEN(500, BODY),
        UNAVAILABLE(503, BODY),
        GONE(0, "");

        private final int status;
        private final String body;

        Fault(int status, String body) {
            this.status = status;
            this.body = body;
        }
    }

    static Stream<Arguments> faultsAndDetails() {
        return Stream.of(Fault.values())
                .flatMap(fault -> Stream.of(ErrorDetail.values()).map(detail -> Arguments.of(fault, detail)));
    }

    @ParameterizedTest
    @MethodSource
    void faultsAndDetails(Fault fault, ErrorDetail detail) {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Level before = root.getLevel();
        Engines engines = new Engines();
        List<String> shown = new ArrayList<>();
        try (StubServer server = StubServer.http();
                LogWatch log = new LogWatch()) {
            root.setLevel(Level.TRACE);
            server.answering(request -> answer(request, fault));
            TelemetryTarget target = target(server.port(), detail);
            if (fault == Fault.GONE) {
                server.close();
            }
            TelemetryEngine engine = engine(engines);
            try {
                TelemetryClient client = engine.acquire(target);
                emit(client);
                await().atMost(Duration.ofSeconds(30)).until(() -> {
                    shown.add(client.statistics().toString());
                    client.flush();
                    return hasTried(client, fault);
                });
                shown.add(client.toString());
                shown.add(target.toString());
            } finally {
                engine.close();
            }
            shown.addAll(log.all());
            assertThat(log.ours()).isNotEmpty();
            assertThat(String.join("\n", shown))
                    .doesNotContain(TOKEN, "canary_column", "canary-literal", BODY, PASSWORD);
            assertThat(sent(server)).doesNotContain(PASSWORD, TOKEN);
            if (fault == Fault.NONE) {
                assertThat(sent(server)).contains("java.sql.SQLException");
            }
            if (detail != ErrorDetail.MESSAGE) {
                assertThat(sent(server)).doesNotContain("canary_column", "canary-literal");
            }
            assertThat(log.loud().stream().filter(line -> line.startsWith("io.github.databrickstelemetry")))
                    .isEmpty();
            assertThat(engines.guard.count()).as("no failure of our own").isZero();
        } finally {
            root.setLevel(before);
        }
    }

    private static boolean hasTried(TelemetryClient client, Fault fault) {
        var statistics = client.statistics();
        return switch (fault) {
            case GONE -> statistics.flag().lastError() != null;
            case NONE -> statistics.metrics().delivered() == 3;
            default ->
                statistics.lastExport().error() != null || statistics.metrics().delivered() > 0;
        };
    }

    private static Answer answer(Request request, Fault fault) {
        if (request.path().contains("/feature-flags/")) {
            return Answer.of(
                    200,
                    "{\"flags\":[{\"name\":\"" + FeatureFlagSettings.DEFAULT_NAME
                            + "\",\"value\":\"true\"}],\"ttl_seconds\":900}");
        }
        return new Answer(fault.status, Map.of("X-Canary", BODY), fault.body);
    }

    private static String sent(StubServer server) {
        StringBuilder bodies = new StringBuilder();
        for (Request request : server.requests()) {
            bodies.append(request.path()).append(new String(request.body(), StandardCharsets.UTF_8));
        }
        return bodies.toString();
    }

    private static void emit(TelemetryClient client) {
        TelemetrySession session = client.emitter().connectionOpen("s", ConnectionDetails.UNKNOWN, 1_000);
        SQLException failure = new SQLException(
                "cannot run " + SQL + ", password=" + PASSWORD,
                "42P01",
                7,
                new IllegalStateException("Authorization: Bearer " + TOKEN + "\n" + SQL));
        for (int i = 0; i < 2; i++) {
            long key = client.emitter().statementStart(session, OperationType.EXECUTE_STATEMENT, StatementType.QUERY);
            if (i == 0) {
                client.emitter().error(session, key, failure);
            }
            client.emitter().statementComplete(session, key, 1_000_000, null);
        }
    }

    private static TelemetryTarget target(int port, ErrorDetail detail) {
        TelemetryTarget target = Targets.http(port)
                .credentials(Targets.token("a", "Bearer " + TOKEN))
                .build();
        ClientSettings settings = target.settings();
        return new TelemetryTarget(
                target.host(),
                target.hostFromJdbcUrl(),
                target.credentials(),
                target.transport(),
                target.workspaceId(),
                target.orgId(),
                new ClientSettings(
                        true,
                        settings.batchSize(),
                        Duration.ofMillis(50),
                        settings.maxPending(),
                        settings.maxInFlightStatements(),
                        settings.maxErrorsPerStatement(),
                        settings.statementTtl(),
                        detail,
                        settings.export(),
                        settings.circuitBreaker(),
                        settings.featureFlag()));
    }

    private static TelemetryEngine engine(Engines engines) {
        WorkspaceHttp http = new WorkspaceHttp();
        Random random = new Random();
        TelemetryClock clock = TelemetryClock.SYSTEM;
        return engines.settings(new EngineSettings(8192, Duration.ofSeconds(1)))
                .flags(() -> new FeatureFlagCache(http::open, clock, random, "3.4.5", engines.guard))
                .with(new DatabricksTelemetryExporterFactory(
                        http, clock, random, "test", new Guard(NOPLogger.NOP_LOGGER)));
    }
}
