package io.github.databrickstelemetry.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.github.databrickstelemetry.aggregate.DropReason;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.StatementMetric;
import io.github.databrickstelemetry.breaker.BreakerStatus.BreakerState;
import io.github.databrickstelemetry.client.ClientStatus;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryListener;
import io.github.databrickstelemetry.config.ClientSettings.FeatureFlagSettings;
import io.github.databrickstelemetry.config.EngineSettings;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.LocalDetails;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.event.TelemetrySession;
import io.github.databrickstelemetry.export.internal.DatabricksTelemetryExporterFactory;
import io.github.databrickstelemetry.flag.FlagState.FlagStatus;
import io.github.databrickstelemetry.flag.internal.FeatureFlagCache;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import io.github.databrickstelemetry.testing.StubServer;
import io.github.databrickstelemetry.testing.Targets;
import io.github.databrickstelemetry.workspace.CredentialSource;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.internal.WorkspaceHttp;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.NOPLogger;

/** The engine with everything that it has in production, and a real server. */
class EngineOverHttpTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final StubServer server = StubServer.http();
    private final CountDownLatch hang = new CountDownLatch(1);
    private final AtomicBoolean off = new AtomicBoolean();
    /** What every name resolves to, where that is checked. */
    private volatile InetAddress[] addresses = {InetAddress.getLoopbackAddress()};

    private final TelemetryEngine engine = engine(Duration.ofSeconds(20));

    private TelemetryEngine engine(Duration closeTimeout) {
        WorkspaceHttp http = new WorkspaceHttp(host -> addresses);
        Random random = new Random();
        TelemetryClock clock = TelemetryClock.SYSTEM;
        return new Engines()
                .settings(new EngineSettings(8192, closeTimeout))
                .killSwitch(off::get)
                .flags(() -> new FeatureFlagCache(
                        http::open, clock, random, "3.4.5", new Guard(LoggerFactory.getLogger(getClass()))))
                .with(new DatabricksTelemetryExporterFactory(
                        http, clock, random, "test", new Guard(NOPLogger.NOP_LOGGER)));
    }

    @AfterEach
    void close() {
        hang.countDown();
        engine.close();
        server.close();
    }

    private TelemetryTarget target() {
        return targets().build();
    }

    private Targets targets() {
        return Targets.http(server.port());
    }

    private static StubServer.Answer flag(boolean on) {
        return StubServer.Answer.of(
                200,
                "{\"flags\":[{\"name\":\"" + FeatureFlagSettings.DEFAULT_NAME + "\",\"value\":\"" + on
                        + "\"}],\"ttl_seconds\":900}");
    }

    private static boolean isFlag(StubServer.Request request) {
        return request.path().contains("/feature-flags/");
    }

    private long posts() {
        return server.requests().stream().filter(request -> !isFlag(request)).count();
    }

    private static void emitStatement(TelemetryClient client) {
        TelemetrySession session = client.emitter().connectionOpen("s", ConnectionDetails.UNKNOWN, 1_000);
        long key = client.emitter().statementStart(session, OperationType.EXECUTE_STATEMENT, StatementType.QUERY);
        client.emitter().statementComplete(session, key, 1_000_000, null);
    }

    @Test
    void sendsOnceTheFlagIsKnownToBeOn() {
        server.answering(request -> isFlag(request) ? flag(true) : StubServer.Answer.of(200, "{}"));
        TelemetryClient client = engine.acquire(target());
        emitStatement(client);

        await().atMost(SOON).until(() -> client.statistics().metrics().delivered() == 2);
        assertThat(client.statistics().flag().status()).isEqualTo(FlagStatus.VALID);
        assertThat(server.requests().stream().filter(EngineOverHttpTest::isFlag))
                .hasSize(1);
        assertThat(isFlag(server.requests().get(0))).isTrue();
        Sums.hold(client.statistics());
    }

    @Test
    void sendsNothingWhenTheFlagIsOff() {
        server.answering(request -> isFlag(request) ? flag(false) : StubServer.Answer.of(200, "{}"));
        TelemetryClient client = engine.acquire(target());
        emitStatement(client);
        client.flush();

        await().atMost(SOON).until(() -> client.statistics().dropped(DropReason.FLAG_OFF) == 2);
        engine.close();
        assertThat(posts()).isZero();
    }

    @Test
    void asksAndSendsNothingWhileSwitchedOff() {
        off.set(true);
        TelemetryClient client = engine.acquire(target());
        emitStatement(client);
        client.flush();
        assertThat(client.statistics().events().emitted()).isZero();
        assertThat(client.statistics().flag().status()).isEqualTo(FlagStatus.INITIALIZING);

        engine.close();
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void saysThatItHasNoCredentialsUntilTheyCome() {
        server.answering(request -> isFlag(request) ? flag(true) : StubServer.Answer.of(200, "{}"));
        AtomicReference<@Nullable String> token = new AtomicReference<>();
        TelemetryClient client = engine.acquire(targets()
                .credentials(new CredentialSource() {
                    @Override
                    public String identity() {
                        return "late";
                    }

                    @Override
                    public @Nullable String authorization() {
                        return token.get();
                    }
                })
                .build());
        AtomicReference<@Nullable StatementMetric> shown = new AtomicReference<>();
        engine.addListener(new TelemetryListener() {
            @Override
            public void onStatement(String host, StatementMetric statement, LocalDetails local) {
                shown.set(statement);
            }
        });
        emitStatement(client);
        await().atMost(SOON).until(() -> client.statistics().status() == ClientStatus.NO_CREDENTIALS);
        assertThat(client.statistics().metrics().pending()).isEqualTo(2);
        // The application's own tools need no credentials.
        assertThat(shown.get()).isNotNull();

        token.set("Bearer late");
        await().atMost(SOON).until(() -> client.statistics().metrics().delivered() == 2);
        assertThat(client.statistics().status()).isEqualTo(ClientStatus.ACTIVE);
    }

    @Test
    void sendsNothingToANameThatLeadsToAPrivateAddress() {
        TelemetryClient client = engine.acquire(Targets.of("workspace.invalid")
                .notFromJdbcUrl()
                .refusePrivateHosts()
                .build());
        await().atMost(SOON).until(() -> client.statistics().status() == ClientStatus.HOST_REFUSED);
        assertThat(client.emitter().isEnabled()).isTrue();

        addresses = new InetAddress[0];
        await().atMost(SOON).until(() -> client.statistics().status() == ClientStatus.ACTIVE);
    }

    @Test
    void closingAwaitsTheFlagAndSends() {
        server.answering(request -> isFlag(request) ? flag(true) : StubServer.Answer.of(200, "{}"));
        TelemetryClient client = engine.acquire(target());
        emitStatement(client);

        engine.close();

        assertThat(client.statistics().metrics().delivered()).isEqualTo(2);
        assertThat(posts()).isEqualTo(1);
    }

    @Test
    void closingEndsInTimeWhileTheFlagServiceHangs() {
        server.answering(request -> {
            awaitHang();
            return flag(true);
        });
        TelemetryEngine hurried = engine(Duration.ofMillis(1_500));
        TelemetryClient client =
                hurried.acquire(targets().readTimeout(Duration.ofMinutes(5)).build());
        emitStatement(client);

        assertTimeoutPreemptively(SOON, hurried::close);

        assertThat(client.statistics().dropped(DropReason.CLOSED)).isEqualTo(2);
        assertThat(posts()).isZero();
        await().atMost(Duration.ofSeconds(5)).until(() -> ourThreads().isEmpty());
    }

    @Test
    void suspendingAbortsAFlagRequestInFlight() {
        server.answering(request -> {
            awaitHang();
            return isFlag(request) ? flag(true) : StubServer.Answer.of(200, "{}");
        });
        TelemetryEngine hurried = engine(Duration.ofMillis(500));
        TelemetryClient client =
                hurried.acquire(targets().readTimeout(Duration.ofMinutes(5)).build());
        emitStatement(client);
        await().atMost(SOON).until(() -> !server.requests().isEmpty());

        hurried.suspend();
        await().atMost(Duration.ofSeconds(5)).until(() -> ourThreads().isEmpty());

        hang.countDown();
        hurried.resume();
        await().atMost(SOON).until(() -> client.statistics().metrics().delivered() == 2);
        hurried.close();
        Sums.hold(client.statistics());
    }

    private static List<String> ourThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("databricks-telemetry-"))
                .toList();
    }

    @Test
    void anOpenBreakerKeepsMetricsAndAsksNoMore() {
        server.answering(request -> isFlag(request) ? flag(true) : StubServer.Answer.of(503));
        TelemetryClient client = engine.acquire(target());
        emitStatement(client);
        await().atMost(SOON).until(() -> client.statistics().flag().status() == FlagStatus.VALID);
        await().atMost(SOON).until(() -> {
            client.flush();
            return client.statistics().breaker().state() == BreakerState.OPEN;
        });
        for (int i = 0; i < 20; i++) {
            emitStatement(client);
            client.flush();
        }
        await().atMost(SOON).until(() -> client.statistics().metrics().pending() == 42);
        assertThat(posts()).isEqualTo(5);
        assertThat(client.statistics().metrics().delivered()).isZero();
        Sums.hold(client.statistics());
    }

    private void awaitHang() {
        try {
            hang.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
