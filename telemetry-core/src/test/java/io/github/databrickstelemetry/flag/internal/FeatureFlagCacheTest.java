package io.github.databrickstelemetry.flag.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.config.FeatureFlagSettings;
import io.github.databrickstelemetry.flag.FlagState;
import io.github.databrickstelemetry.flag.FlagStatus;
import io.github.databrickstelemetry.testing.FakeClock;
import io.github.databrickstelemetry.testing.LogWatch;
import io.github.databrickstelemetry.testing.StubServer;
import io.github.databrickstelemetry.testing.StubServer.Answer;
import io.github.databrickstelemetry.testing.StubServer.Request;
import io.github.databrickstelemetry.testing.Targets;
import io.github.databrickstelemetry.workspace.CredentialSource;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.internal.BlockedReason;
import io.github.databrickstelemetry.workspace.internal.HostValidator;
import io.github.databrickstelemetry.workspace.internal.WorkspaceHttp;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureFlagCacheTest {

    private static final Duration FIRST_PHASE = Duration.ofSeconds(1);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(30);

    private final FakeClock clock = new FakeClock();
    private final StubServer server = StubServer.http().answering(request -> flag("true", 900));
    private final Queue<FlagTask> tasks = new ArrayDeque<>();
    private final FeatureFlagCache cache =
            new FeatureFlagCache(new WorkspaceHttp(new HostValidator()), tasks::add, clock, new Random(5), "3.4.5-oss");
    private final TelemetryTarget target = Targets.http(server.port()).build();

    @AfterEach
    void stop() {
        server.close();
    }

    private static Answer flag(String value, Object ttlSeconds) {
        return Answer.of(
                200,
                "{\"flags\":[{\"name\":\"other\",\"value\":\"false\"},{\"name\":\"" + FeatureFlagSettings.DEFAULT_NAME
                        + "\",\"value\":\"" + value + "\"}],\"ttl_seconds\":" + ttlSeconds + "}");
    }

    /** What the engine does at its wake-ups: begin what is due, and let its threads answer it. */
    private long pollAndRun() {
        long next = cache.poll();
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
        return next;
    }

    private void askAfter(Duration time) {
        clock.advance(time);
        pollAndRun();
    }

    private FlagState first() {
        cache.acquire(target);
        askAfter(FIRST_PHASE);
        return cache.state(target);
    }

    @Test
    void knowsNothingBeforeTheFirstAnswer() {
        cache.acquire(target);

        assertThat(cache.state(target)).isEqualTo(new FlagState(FlagStatus.INITIALIZING, null, 0, null));
    }

    @Test
    void asksTheServiceWithTheNumericVersion() {
        FlagState state = first();

        assertThat(state.status()).isEqualTo(FlagStatus.VALID);
        assertThat(state.enabled()).isTrue();
        assertThat(state.answeredAtMillis()).isEqualTo(clock.epochMillis());
        assertThat(server.requests()).hasSize(1);
        Request request = server.requests().get(0);
        assertThat(request.method()).isEqualTo("GET");
        assertThat(request.path()).isEqualTo("/api/2.0/connector-service/feature-flags/OSS_JDBC/3.4.5");
        assertThat(request.header("Authorization")).isEqualTo("Bearer secret-a");
    }

    @Test
    void neverAsksOnTheCallersThread() {
        cache.acquire(target);
        clock.advance(FIRST_PHASE);
        cache.poll();

        assertThat(server.requests()).isEmpty();
        assertThat(cache.isAsking(target)).isTrue();
        assertThat(cache.state(target).status()).isEqualTo(FlagStatus.INITIALIZING);
        assertThat(tasks).hasSize(1);
    }

    @Test
    void waitsARandomPartOfASecondBeforeTheFirstRequest() {
        cache.acquire(target);

        long wait = pollAndRun();

        assertThat(wait).isBetween(1L, FIRST_PHASE.toNanos());
        assertThat(server.requests()).isEmpty();
        askAfter(Duration.ofNanos(wait));
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void hasOneFlightPerHostHoweverManyAsk() {
        for (int i = 0; i < 50; i++) {
            cache.acquire(target);
        }
        clock.advance(FIRST_PHASE);

        for (int i = 0; i < 50; i++) {
            cache.poll();
        }
        pollAndRun();

        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void cachesTheFlagPerHostForFifteenMinutes() {
        first();

        askAfter(Duration.ofMinutes(15).minusSeconds(1));
        assertThat(server.requests()).hasSize(1);

        askAfter(Duration.ofSeconds(1));
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void saysWhenToPollAgain() {
        first();

        assertThat(pollAndRun()).isEqualTo(Duration.ofMinutes(15).toNanos());
        assertThat(new FeatureFlagCache(new WorkspaceHttp(new HostValidator()), tasks::add, clock, new Random(5), null)
                        .poll())
                .isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @CsvSource({
        "1,1",
        "59,1",
        "60,1",
        "600,10",
        "600.9,10",
        "3600,60",
        "999999,60",
        "-5,1",
        "18446744073709551615,60",
        "1e99,60"
    })
    void clampsTheServersTimeToLive(String ttlSeconds, long minutes) {
        server.answering(request -> flag("true", ttlSeconds));
        first();

        askAfter(Duration.ofMinutes(minutes).minusNanos(1));
        assertThat(server.requests()).hasSize(1);
        askAfter(Duration.ofNanos(1));
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void asksAgainAfterASecondIfThatIsTheTimeToLive() {
        String name = FeatureFlagSettings.DEFAULT_NAME;
        server.answering(404);
        cache.acquire(Targets.http(server.port())
                .flag(new FeatureFlagSettings(true, name, "OSS_JDBC", Duration.ofSeconds(1), null))
                .build());
        askAfter(FIRST_PHASE);

        askAfter(Duration.ofSeconds(1).minusNanos(1));
        assertThat(server.requests()).hasSize(1);
        askAfter(Duration.ofNanos(1));
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void isOffWhenTheServerSaysSo() {
        server.answering(request -> flag("false", 900));

        assertThat(first()).satisfies(state -> {
            assertThat(state.status()).isEqualTo(FlagStatus.OFF);
            assertThat(state.enabled()).isFalse();
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 405, 410, 418})
    void isOffForOneTimeToLiveAfterAnyOther4xx(int status) {
        server.answering(status);
        assertThat(first().status()).isEqualTo(FlagStatus.OFF);
        assertThat(cache.state(target).lastError()).isEqualTo("HTTP " + status);

        server.answering(request -> flag("true", 900));
        askAfter(Duration.ofMinutes(15).minusNanos(1));
        assertThat(cache.state(target).status()).isEqualTo(FlagStatus.OFF);
        askAfter(Duration.ofNanos(1));
        assertThat(cache.state(target).status()).isEqualTo(FlagStatus.VALID);
    }

    @Test
    void isOffWhenTheAnswerDoesNotHoldTheFlag() {
        server.answering(request -> Answer.of(200, "{\"flags\":[],\"ttl_seconds\":60}"));

        assertThat(first().status()).isEqualTo(FlagStatus.OFF);
        assertThat(cache.state(target).lastError()).isEqualTo("NoSuchFlag");
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 408, 429, 500, 503})
    void keepsTheLastKnownValueWhenTheServiceFails(int status) {
        first();
        server.answering(status);

        askAfter(Duration.ofMinutes(15));

        FlagState state = cache.state(target);
        assertThat(state.status()).isEqualTo(FlagStatus.INTERRUPTED);
        assertThat(state.enabled()).isTrue();
        assertThat(state.lastError()).isEqualTo("HTTP " + status);
        assertThat(state.answeredAtMillis()).isLessThan(clock.epochMillis());
    }

    @Test
    void keepsWaitingWhenTheFirstAnswerIsGarbage() {
        server.answering(request -> Answer.of(200, "<html>"));

        assertThat(first().status()).isEqualTo(FlagStatus.INITIALIZING);
        assertThat(cache.state(target).lastError()).isEqualTo("JsonParseException");
    }

    @Test
    void asksAgainSoonAfterAFailureAndBacksOffToHalfAMinute() {
        server.answering(500);
        first();
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            long wait = pollAndRun();
            waits.add(Duration.ofNanos(wait).toMillis());
            askAfter(Duration.ofNanos(wait));
        }

        assertThat(waits.get(0)).isBetween(500L, 1000L);
        assertThat(waits.get(1)).isBetween(1000L, 2000L);
        assertThat(waits.get(9)).isBetween(15_000L, 30_000L);
        server.answering(request -> flag("true", 900));
        askAfter(LONGEST_BACKOFF);
        assertThat(cache.state(target)).isEqualTo(new FlagState(FlagStatus.VALID, true, clock.epochMillis(), null));
    }

    @Test
    void asksWithAnotherPrincipalsCredentialsWhenOnesAreRefused() {
        TelemetryTarget other = Targets.http(server.port())
                .credentials(Targets.token("b", "Bearer secret-b"))
                .build();
        server.answering(request ->
                "Bearer secret-b".equals(request.header("Authorization")) ? flag("true", 60) : Answer.of(403));
        cache.acquire(other);
        cache.acquire(target);
        cache.release(other);
        cache.acquire(other);

        askAfter(FIRST_PHASE);
        assertThat(server.requests()).hasSize(2);
        assertThat(cache.state(target).status()).isEqualTo(FlagStatus.VALID);

        askAfter(Duration.ofMinutes(1));
        assertThat(server.requests())
                .as("those that were refused come last from then on")
                .hasSize(3);
    }

    @Test
    void asksAtOnceWhenOtherCredentialsCome() {
        server.answering(401);
        assertThat(first().lastError()).isEqualTo("HTTP 401");
        server.answering(request -> flag("true", 60));

        cache.acquire(Targets.http(server.port())
                .credentials(Targets.token("b", "Bearer secret-b"))
                .build());
        pollAndRun();

        assertThat(cache.state(target).status()).isEqualTo(FlagStatus.VALID);
    }

    @Test
    void asksAgainAfterTheBackOffWhenCredentialsAreRefused() {
        server.answering(403);
        first();
        server.answering(request -> flag("true", 60));

        askAfter(FIRST_PHASE);

        assertThat(cache.state(target).status()).isEqualTo(FlagStatus.VALID);
    }

    @Test
    void asksWithAnotherPrincipalsCredentialsWhenOnesFail() {
        server.answering(request -> flag("true", 60));
        TelemetryTarget broken = Targets.http(server.port())
                .credentials(new CredentialSource() {
                    @Override
                    public String identity() {
                        return "broken";
                    }

                    @Override
                    public String authorization() {
                        throw new StackOverflowError();
                    }
                })
                .build();
        cache.acquire(broken);
        askAfter(FIRST_PHASE);
        assertThat(server.requests()).isEmpty();
        assertThat(cache.state(broken).lastError()).isEqualTo("NoCredentials(StackOverflowError)");

        cache.acquire(target);
        pollAndRun();
        assertThat(cache.state(target).status()).isEqualTo(FlagStatus.VALID);
    }

    /** The HTTP client refuses such a header with a message that repeats it. */
    @ParameterizedTest
    @ValueSource(strings = {"Bearer a\r\nX-Injected: b", "Bearer ü", "Bearer \u0000"})
    void anotherPrincipalAnswersWhenNoHeaderCanCarryTheCredentials(String value) {
        assertRefusedThenAnswered(Targets.http(server.port())
                .credentials(Targets.token("x", value))
                .build());
    }

    @Test
    void asksWithUnprintableCredentialsInUnauthenticatedModeNeither() {
        assertRefusedThenAnswered(Targets.http(server.port())
                .credentials(Targets.token("x", "Bearer a\nb"))
                .unauthenticated()
                .build());
    }

    private void assertRefusedThenAnswered(TelemetryTarget unprintable) {
        cache.acquire(unprintable);
        askAfter(FIRST_PHASE);
        assertThat(server.requests()).isEmpty();
        assertThat(cache.state(unprintable).lastError()).isEqualTo("UnprintableCredentials");

        cache.acquire(target);
        pollAndRun();
        assertThat(cache.state(target).status()).isEqualTo(FlagStatus.VALID);
    }

    @Test
    void doesNotAskWithoutCredentials() {
        TelemetryTarget none =
                Targets.http(server.port()).credentials(CredentialSource.NONE).build();
        cache.acquire(none);
        askAfter(FIRST_PHASE);

        assertThat(server.requests()).isEmpty();
        assertThat(cache.state(none).status()).isEqualTo(FlagStatus.INITIALIZING);
        assertThat(cache.state(none).lastError()).isEqualTo("NoCredentials");
    }

    @Test
    void saysOfEachPrincipalWhatKeptItFromAsking() {
        TelemetryTarget none =
                Targets.http(server.port()).credentials(CredentialSource.NONE).build();
        cache.acquire(none);
        assertThat(cache.obstacle(none)).isNull();
        server.answering(503);
        cache.acquire(target);

        askAfter(FIRST_PHASE);

        assertThat(cache.obstacle(none)).isEqualTo(BlockedReason.NO_CREDENTIALS);
        assertThat(cache.obstacle(target)).isNull();
    }

    @Test
    void asksWithAnotherPrincipalsCredentialsWhereTheHostIsRefused() {
        WorkspaceHttp http =
                new WorkspaceHttp(new HostValidator(host -> new InetAddress[] {InetAddress.getLoopbackAddress()}));
        FeatureFlagCache asked = new FeatureFlagCache(http, tasks::add, clock, new Random(5), null);
        TelemetryTarget named = Targets.of("workspace.invalid")
                .notFromJdbcUrl()
                .refusePrivateHosts()
                .build();
        TelemetryTarget fromJdbcUrl = Targets.of("workspace.invalid")
                .credentials(Targets.token("b", "Bearer secret-b"))
                .refusePrivateHosts()
                .build();
        asked.acquire(named);
        asked.acquire(fromJdbcUrl);
        clock.advance(FIRST_PHASE);
        asked.poll();
        tasks.remove().run();

        assertThat(asked.obstacle(named)).isEqualTo(BlockedReason.HOST_REFUSED);
        assertThat(asked.obstacle(fromJdbcUrl)).isNull();
        assertThat(asked.state(named).lastError()).isEqualTo("ConnectException");
    }

    @Test
    void asksInUnauthenticatedModeWithTheCredentialsAtHand() {
        cache.acquire(Targets.http(server.port()).unauthenticated().build());
        askAfter(FIRST_PHASE);

        assertThat(server.requests().get(0).header("Authorization")).isEqualTo("Bearer secret-a");
    }

    @Test
    void doesNotAskWhenSwitchedOffOrOverridden() {
        String name = FeatureFlagSettings.DEFAULT_NAME;
        Duration ttl = Duration.ofMinutes(15);
        TelemetryTarget unasked = Targets.http(server.port())
                .flag(new FeatureFlagSettings(false, name, "OSS_JDBC", ttl, null))
                .build();
        TelemetryTarget forcedOff = Targets.http(server.port())
                .flag(new FeatureFlagSettings(true, name, "OSS_JDBC", ttl, false))
                .build();
        cache.acquire(unasked);
        cache.acquire(forcedOff);
        askAfter(FIRST_PHASE);

        assertThat(server.requests()).isEmpty();
        assertThat(cache.state(unasked)).isEqualTo(new FlagState(FlagStatus.OVERRIDDEN, true, 0, null));
        assertThat(cache.state(forcedOff)).isEqualTo(new FlagState(FlagStatus.OVERRIDDEN, false, 0, null));
    }

    @Test
    void forgetsAHostWithItsLastReference() {
        first();
        cache.acquire(target);

        cache.release(target);
        assertThat(cache.state(target).status()).isEqualTo(FlagStatus.VALID);
        cache.release(target);
        assertThat(cache.state(target).status()).isEqualTo(FlagStatus.INITIALIZING);
        assertThat(cache.poll()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void survivesReleasesThatDoNotBalance() {
        cache.release(target);
        first();
        cache.release(target);
        cache.release(target);
        cache.release(target);

        assertThat(first().status()).isEqualTo(FlagStatus.VALID);
    }

    @Test
    void forgetsAnAnswerToAHostThatWasReleasedMeanwhile() {
        cache.acquire(target);
        clock.advance(FIRST_PHASE);
        cache.poll();
        cache.release(target);
        cache.acquire(target);

        Objects.requireNonNull(tasks.poll()).run();

        assertThat(cache.state(target).status()).isEqualTo(FlagStatus.INITIALIZING);
    }

    @Test
    void handlesHostsIndependently() {
        try (StubServer otherServer = StubServer.http().answering(request -> flag("false", 60))) {
            TelemetryTarget other = Targets.http(otherServer.port()).build();
            cache.acquire(other);

            assertThat(first().status()).isEqualTo(FlagStatus.VALID);
            assertThat(cache.state(other).status()).isEqualTo(FlagStatus.OFF);
        }
    }

    @Test
    void tellsListenersWhenAQuestionHasEnded() {
        List<String> heard = new ArrayList<>();
        cache.addListener((host, state) -> {
            throw new IllegalStateException("a listener with a bug");
        });
        cache.addListener((host, state) -> heard.add(host.key() + " " + state.status()));

        first();

        assertThat(heard).containsExactly("127.0.0.1:" + server.port() + " VALID");
    }

    @Test
    void triesAgainWhenTheExecutorIsFull() {
        boolean[] full = {true};
        FeatureFlagCache refused = new FeatureFlagCache(
                new WorkspaceHttp(new HostValidator()),
                task -> {
                    if (full[0]) {
                        throw new RejectedExecutionException();
                    }
                    task.run();
                },
                clock,
                new Random(5),
                null);
        refused.acquire(target);
        clock.advance(FIRST_PHASE);
        refused.poll();
        assertThat(refused.isAsking(target)).isFalse();
        full[0] = false;

        clock.advance(FIRST_PHASE);
        refused.poll();

        assertThat(refused.state(target).status()).isEqualTo(FlagStatus.VALID);
    }

    @Test
    void asksAgainLaterWhenThereIsNoThreadForAQuestion() {
        List<FlagState> heard = new ArrayList<>();
        cache.addListener((host, state) -> heard.add(state));
        cache.acquire(target);
        clock.advance(FIRST_PHASE);
        cache.poll();
        tasks.remove().notRun();
        assertThat(cache.isAsking(target)).isFalse();
        assertThat(heard)
                .singleElement()
                .satisfies(state -> assertThat(state.lastError()).isEqualTo("NotExecuted"));

        askAfter(FIRST_PHASE);
        assertThat(cache.state(target).status()).isEqualTo(FlagStatus.VALID);
    }

    @Test
    void saysOfAQuestionWhetherTheLastOneFailedOrTookLong() {
        server.answering(503);
        first();
        assertThat(next().isTroubled()).isTrue();

        server.answering(request -> {
            clock.advance(Duration.ofSeconds(1));
            return flag("true", 60);
        });
        pollAndRun();
        assertThat(cache.state(target).status()).isEqualTo(FlagStatus.VALID);
        clock.advance(Duration.ofMinutes(1));
        assertThat(next().isTroubled()).isTrue();

        server.answering(request -> flag("true", 60));
        pollAndRun();
        clock.advance(Duration.ofMinutes(1));
        assertThat(next().isTroubled()).isFalse();

        // A refusal came at once.
        server.answering(403);
        pollAndRun();
        clock.advance(FIRST_PHASE);
        assertThat(next().isTroubled()).isFalse();
    }

    private FlagTask next() {
        clock.advance(FIRST_PHASE);
        cache.poll();
        return tasks.element();
    }

    @Test
    void asksAtOnceWhenOtherCredentialsCameWhileItAsked() {
        cache.acquire(target);
        clock.advance(FIRST_PHASE);
        cache.poll();
        server.answering(request -> {
            cache.acquire(Targets.http(server.port())
                    .credentials(Targets.token("b", "Bearer secret-b"))
                    .build());
            return Answer.of(401);
        });
        tasks.remove().run();
        server.answering(request -> flag("true", 60));
        pollAndRun();

        assertThat(server.requests()).hasSize(2);
        assertThat(server.requests().get(1).header("Authorization")).isEqualTo("Bearer secret-b");
        assertThat(cache.state(target).status()).isEqualTo(FlagStatus.VALID);
    }

    @Test
    void logsFailuresAtDebugOnly() {
        try (LogWatch log = new LogWatch()) {
            server.answering(503);
            first();

            assertThat(log.loud()).isEmpty();
            assertThat(log.ours()).anyMatch(line -> line.contains("HTTP 503"));
            assertThat(log.ours()).noneMatch(line -> line.contains("secret-a"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"3.4.5,3.4.5", "3.4.5-oss,3.4.5", "3.4,3.4.0", "3,3.0.0", "3.4.5.6,3.4.5", "-,0.1.0", "x,0.1.0"})
    void sendsNumericVersionsOnly(@Nullable String version, String sent) {
        assertThat(NumericVersion.of(version, "0.1.0")).isEqualTo(sent);
    }
}
