package io.github.databrickstelemetry.flag.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.config.ClientSettings.FeatureFlagSettings;
import io.github.databrickstelemetry.config.TlsSettings;
import io.github.databrickstelemetry.flag.FlagState;
import io.github.databrickstelemetry.flag.FlagState.FlagStatus;
import io.github.databrickstelemetry.flag.internal.FlagHandle.BlockedReason;
import io.github.databrickstelemetry.runtime.internal.BlockingTask;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.testing.FakeClock;
import io.github.databrickstelemetry.testing.LogWatch;
import io.github.databrickstelemetry.testing.StubServer;
import io.github.databrickstelemetry.testing.StubServer.Answer;
import io.github.databrickstelemetry.testing.StubServer.Request;
import io.github.databrickstelemetry.testing.Targets;
import io.github.databrickstelemetry.workspace.CredentialSource;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.internal.WorkspaceHttp;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class FeatureFlagCacheTest {

    private static final Duration FIRST_PHASE = Duration.ofSeconds(1);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(30);

    private final FakeClock clock = new FakeClock();
    private final StubServer server = StubServer.http().answering(request -> flag("true", 900));
    private final Queue<BlockingTask> tasks = new ArrayDeque<>();
    private final Guard guard = new Guard(LoggerFactory.getLogger(FeatureFlagCacheTest.class));
    private final FeatureFlagCache cache = cache(new WorkspaceHttp());
    private final TelemetryTarget target = Targets.http(server.port()).build();

    private static Answer error(int status) {
        return Answer.of(status, "{\"error_code\":\"RESOURCE_DOES_NOT_EXIST\",\"message\":\"m\"}");
    }

    private FeatureFlagCache cache(WorkspaceHttp http) {
        return new FeatureFlagCache(http::open, clock, new Random(5), "3.4.5-oss", guard);
    }

    private FlagHandle acquire(TelemetryTarget wanted) {
        return cache.acquire(wanted, () -> {});
    }

    private static TelemetryTarget with(String identity, String authorization, int port) {
        return Targets.http(port)
                .credentials(Targets.token(identity, authorization))
                .build();
    }

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

    /** As the engine does when it wakes: starts what is due, and runs it. */
    private long pollAndRun() {
        long next = cache.poll(tasks::add);
        while (!tasks.isEmpty()) {
            execute(tasks.remove());
            next = cache.poll(tasks::add);
        }
        return next;
    }

    /** As the engine's scheduler does. */
    static void execute(BlockingTask task) {
        if (task.begin()) {
            task.run();
            task.finish();
        }
    }

    private long requestAfter(Duration time) {
        clock.advance(time);
        return pollAndRun();
    }

    private FlagHandle first() {
        FlagHandle handle = acquire(target);
        requestAfter(FIRST_PHASE);
        return handle;
    }

    @Test
    void knowsNothingBeforeTheFirstResponse() {
        assertThat(acquire(target).state()).isEqualTo(new FlagState(FlagStatus.INITIALIZING, null, 0, null));
    }

    @Test
    void sendsTheNumericVersion() {
        FlagState state = first().state();

        assertThat(state.status()).isEqualTo(FlagStatus.VALID);
        assertThat(state.enabled()).isTrue();
        assertThat(state.answeredAtMillis()).isEqualTo(clock.epochMillis());
        assertThat(server.requests()).hasSize(1);
        Request request = server.requests().get(0);
        assertThat(request.method()).isEqualTo("GET");
        assertThat(request.path()).isEqualTo("/api/2.0/connector-service/feature-flags/OSS_JDBC/3.4.5");
        assertThat(request.header("Authorization")).isEqualTo("Bearer secret-a");
        assertThat(request.header("Content-Length")).isNull();
    }

    @Test
    void neverSendsOnTheCallersThread() {
        FlagHandle handle = acquire(target);
        clock.advance(FIRST_PHASE);
        cache.poll(tasks::add);

        assertThat(server.requests()).isEmpty();
        assertThat(handle.isRequestInFlight()).isTrue();
        assertThat(handle.state().status()).isEqualTo(FlagStatus.INITIALIZING);
        assertThat(tasks).hasSize(1);
    }

    @Test
    void waitsARandomPartOfASecondBeforeTheFirstRequest() {
        acquire(target);

        long wait = pollAndRun();

        assertThat(wait).isBetween(1L, FIRST_PHASE.toNanos());
        assertThat(server.requests()).isEmpty();
        requestAfter(Duration.ofNanos(wait));
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void aDataSourceThatVerifiesTheHostSharesNoFlagWithOneThatDoesNot() {
        acquire(Targets.http(server.port()).tls(new TlsSettings.Unverified()).build());
        requestAfter(FIRST_PHASE);

        FlagHandle verifying = acquire(target);

        assertThat(verifying.state().status()).isEqualTo(FlagStatus.INITIALIZING);
        requestAfter(FIRST_PHASE);
        assertThat(verifying.state().status()).isEqualTo(FlagStatus.VALID);
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void hasOneRequestInFlightForEachHost() {
        for (int i = 0; i < 50; i++) {
            acquire(target);
        }
        clock.advance(FIRST_PHASE);

        for (int i = 0; i < 50; i++) {
            cache.poll(tasks::add);
        }
        pollAndRun();

        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void cachesTheFlagOfAHostForFifteenMinutesAndRefreshesItInTheLastTenth() {
        first();

        requestAfter(Duration.ofMinutes(15).multipliedBy(9).dividedBy(10).minusNanos(1));
        assertThat(server.requests()).hasSize(1);

        requestAfter(Duration.ofSeconds(90));
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void spreadsTheRefreshOfAFleetThatStartedTogether() {
        Set<Long> waits = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            FeatureFlagCache other = new FeatureFlagCache(new WorkspaceHttp()::open, clock, new Random(i), null, guard);
            other.acquire(target, () -> {});
            clock.advance(FIRST_PHASE);
            other.poll(FeatureFlagCacheTest::execute);
            waits.add(
                    Duration.ofNanos(other.poll(FeatureFlagCacheTest::execute)).toSeconds());
        }

        assertThat(waits)
                .hasSizeGreaterThan(10)
                .allSatisfy(wait -> assertThat(wait).isBetween(809L, 900L));
    }

    @Test
    void returnsTheTimeUntilTheNextRequest() {
        assertThat(cache.poll(tasks::add)).isEqualTo(Long.MAX_VALUE);

        FlagHandle handle = first();

        assertThat(pollAndRun())
                .isBetween(
                        Duration.ofSeconds(810).toNanos(),
                        Duration.ofSeconds(900).toNanos());
        handle.close();
        assertThat(cache.poll(tasks::add)).isEqualTo(Long.MAX_VALUE);
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

        requestAfter(Duration.ofMinutes(minutes).multipliedBy(9).dividedBy(10).minusNanos(1));
        assertThat(server.requests()).hasSize(1);
        requestAfter(Duration.ofMinutes(minutes).dividedBy(10).plusNanos(1));
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void requestsAgainAfterASecondIfThatIsTheTimeToLive() {
        String name = FeatureFlagSettings.DEFAULT_NAME;
        server.answering(request -> error(404));
        acquire(Targets.http(server.port())
                .flag(new FeatureFlagSettings(true, name, "OSS_JDBC", Duration.ofSeconds(1), null))
                .build());
        requestAfter(FIRST_PHASE);

        requestAfter(Duration.ofMillis(900).minusNanos(1));
        assertThat(server.requests()).hasSize(1);
        requestAfter(Duration.ofMillis(100).plusNanos(1));
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void isOffWhenTheServerSaysSo() {
        server.answering(request -> flag("false", 900));

        assertThat(first().state()).satisfies(state -> {
            assertThat(state.status()).isEqualTo(FlagStatus.OFF);
            assertThat(state.enabled()).isFalse();
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 405, 410, 418})
    void isOffForOneTimeToLiveAfterAnErrorOfTheService(int status) {
        server.answering(request -> error(status));
        FlagHandle handle = first();
        assertThat(handle.state().status()).isEqualTo(FlagStatus.OFF);
        assertThat(handle.state().lastError()).isEqualTo("HTTP " + status);

        server.answering(request -> flag("true", 900));
        requestAfter(Duration.ofSeconds(809));
        assertThat(handle.state().status()).isEqualTo(FlagStatus.OFF);
        requestAfter(Duration.ofSeconds(91));
        assertThat(handle.state().status()).isEqualTo(FlagStatus.VALID);
    }

    @Test
    void isOffWhenTheResponseDoesNotHoldTheFlag() {
        server.answering(request -> Answer.of(200, "{\"flags\":[],\"ttl_seconds\":60}"));

        FlagState state = first().state();

        assertThat(state.status()).isEqualTo(FlagStatus.OFF);
        assertThat(state.lastError()).isEqualTo("NoSuchFlag");
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 408, 429, 500, 503})
    void keepsTheLastKnownValueWhenTheServiceFails(int status) {
        assertKeepsTheLastKnownValue(status, "");
    }

    /** As an ingress, a proxy, a portal and a load balancer answer. */
    @ParameterizedTest
    @ValueSource(ints = {400, 404, 405, 407, 421, 451})
    void keepsTheLastKnownValueWhenAGatewayAnswersInsteadOfTheService(int status) {
        assertKeepsTheLastKnownValue(status, "<html><h1>no such route</h1></html>");
    }

    @ParameterizedTest
    @ValueSource(ints = {407, 408, 421, 429})
    void keepsTheLastKnownValueWhateverTheBodyOfAProxysStatus(int status) {
        assertKeepsTheLastKnownValue(status, "{\"error_code\":\"X\"}");
    }

    private void assertKeepsTheLastKnownValue(int status, String body) {
        FlagHandle handle = first();
        long answeredAt = handle.state().answeredAtMillis();
        server.answering(request -> Answer.of(status, body));

        requestAfter(Duration.ofMinutes(15));

        assertThat(handle.state()).isEqualTo(new FlagState(FlagStatus.INTERRUPTED, true, answeredAt, "HTTP " + status));
        server.answering(request -> flag("false", 900));
        requestAfter(LONGEST_BACKOFF);
        assertThat(handle.state().status()).isEqualTo(FlagStatus.OFF);
    }

    @ParameterizedTest
    @CsvSource({"<html>,JsonParseException", "{\"message\":\"log in\"},NoFlagDocument", "[],NoFlagDocument"})
    void keepsWaitingWhenTheFirstResponseIsNotTheServices(String body, String error) {
        server.answering(request -> Answer.of(200, body));

        assertThat(first().state()).isEqualTo(new FlagState(FlagStatus.INITIALIZING, null, 0, error));
    }

    @Test
    void requestsAgainSoonAfterAFailureAndBacksOffToHalfAMinute() {
        server.answering(500);
        FlagHandle handle = acquire(target);
        List<Long> waits = new ArrayList<>();
        long wait = requestAfter(FIRST_PHASE);
        for (int i = 0; i < 10; i++) {
            waits.add(Duration.ofNanos(wait).toMillis());
            wait = requestAfter(Duration.ofNanos(wait));
        }

        assertThat(waits.get(0)).isBetween(500L, 1000L);
        assertThat(waits.get(1)).isBetween(1000L, 2000L);
        assertThat(waits.get(9)).isBetween(15_000L, 30_000L);
        server.answering(request -> flag("true", 900));
        requestAfter(LONGEST_BACKOFF);
        assertThat(handle.state()).isEqualTo(new FlagState(FlagStatus.VALID, true, clock.epochMillis(), null));
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 429, 503})
    void waitsAsLongAsTheServiceAsksAndUpToHalfAsLongAgain(int status) {
        server.answering(request -> new Answer(status, Map.of("Retry-After", "120"), ""));
        acquire(target);

        long wait = requestAfter(FIRST_PHASE);

        assertThat(Duration.ofNanos(wait)).isBetween(Duration.ofMinutes(2), Duration.ofMinutes(3));
    }

    @Test
    void triesAnotherPrincipalsCredentialsWhenOnesAreRefused() {
        server.answering(request ->
                "Bearer secret-b".equals(request.header("Authorization")) ? flag("true", 60) : Answer.of(403));
        FlagHandle handle = acquire(target);
        acquire(with("b", "Bearer secret-b", server.port()));

        requestAfter(FIRST_PHASE);
        assertThat(server.requests()).hasSize(2);
        assertThat(handle.state().status()).isEqualTo(FlagStatus.VALID);

        requestAfter(Duration.ofMinutes(1));
        assertThat(server.requests())
                .as("those that were refused come last from then on")
                .hasSize(3);
    }

    @Test
    void triesFivePrincipalsInOneRequestAndTheOthersInTheNext() {
        server.answering(401);
        for (int i = 0; i < 8; i++) {
            acquire(with("principal-" + i, "Bearer secret-" + i, server.port()));
        }
        clock.advance(FIRST_PHASE);
        cache.poll(tasks::add);

        execute(tasks.remove());
        assertThat(server.requests()).hasSize(5);
        pollAndRun();
        assertThat(server.requests()).as("the others have not been tried yet").hasSize(10);

        pollAndRun();
        assertThat(server.requests()).as("now it backs off").hasSize(10);
    }

    @Test
    void triesThoseFirstThatWereRefusedLongestAgo() {
        server.answering(401);
        for (int i = 0; i < 8; i++) {
            acquire(with("principal-" + i, "Bearer secret-" + i, server.port()));
        }
        requestAfter(FIRST_PHASE);
        assertThat(server.requests()).hasSize(10);

        requestAfter(LONGEST_BACKOFF);

        assertThat(server.requests().subList(10, 15))
                .extracting(request -> request.header("Authorization"))
                .containsExactly(
                        "Bearer secret-2", "Bearer secret-3", "Bearer secret-4", "Bearer secret-0", "Bearer secret-1");
    }

    @Test
    void requestsAtOnceWhenOtherCredentialsCome() {
        server.answering(401);
        FlagHandle handle = first();
        assertThat(handle.state().lastError()).isEqualTo("HTTP 401");
        server.answering(request -> flag("true", 60));

        acquire(with("b", "Bearer secret-b", server.port()));
        pollAndRun();

        assertThat(handle.state().status()).isEqualTo(FlagStatus.VALID);
    }

    @Test
    void waitsForTheBackOffOfAServiceThatFailsWhateverCredentialsCome() {
        server.answering(503);
        FlagHandle handle = first();

        for (int i = 0; i < 10; i++) {
            FlagHandle other = acquire(with("b" + i, "Bearer secret-b", server.port()));
            pollAndRun();
            other.close();
        }

        assertThat(handle.state().lastError()).isEqualTo("HTTP 503");
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void anAbortSaysNothingAboutTheCredentialsThatWereNotSent() {
        FlagHandle one = acquire(target);
        FlagHandle other = acquire(with("b", "Bearer secret-b", server.port()));
        clock.advance(FIRST_PHASE);
        cache.poll(tasks::add);
        BlockingTask task = tasks.remove();
        assertThat(task.begin()).isTrue();
        server.answering(request -> {
            task.abort();
            return Answer.of(401, "");
        });
        task.run();
        task.finish();

        assertThat(server.requests()).hasSize(1);
        assertThat(one.state().lastError()).isEqualTo("Aborted");
        assertThat(one.blockedReason()).isNull();
        assertThat(other.blockedReason()).isNull();
    }

    @Test
    void waitsForTheBackOffWhenTheSameCredentialsComeAgain() {
        server.answering(401);
        FlagHandle unused = first();

        acquire(target);
        pollAndRun();

        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void requestsAgainAfterTheBackOffWhenCredentialsAreRefused() {
        server.answering(403);
        FlagHandle handle = first();
        server.answering(request -> flag("true", 60));

        requestAfter(FIRST_PHASE);

        assertThat(handle.state().status()).isEqualTo(FlagStatus.VALID);
    }

    @Test
    void triesAnotherPrincipalsCredentialsWhenOnesFail() {
        server.answering(request -> flag("true", 60));
        FlagHandle broken = acquire(Targets.http(server.port())
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
                .build());
        requestAfter(FIRST_PHASE);
        assertThat(server.requests()).isEmpty();
        assertThat(broken.state().lastError()).isEqualTo("NoCredentials(StackOverflowError)");

        acquire(target);
        pollAndRun();
        assertThat(broken.state().status()).isEqualTo(FlagStatus.VALID);
    }

    /** An HTTP client would refuse such a header with a message that repeats it. */
    @ParameterizedTest
    @ValueSource(strings = {"Bearer a\r\nX-Injected: b", "Bearer ü", "Bearer \u0000"})
    void doesNotSendCredentialsThatNoHeaderCanCarry(String value) {
        assertRefusedThenAnswered(with("x", value, server.port()));
    }

    @Test
    void doesNotSendUnprintableCredentialsInUnauthenticatedModeEither() {
        assertRefusedThenAnswered(Targets.http(server.port())
                .credentials(Targets.token("x", "Bearer a\nb"))
                .unauthenticated()
                .build());
    }

    private void assertRefusedThenAnswered(TelemetryTarget unprintable) {
        FlagHandle handle = acquire(unprintable);
        requestAfter(FIRST_PHASE);
        assertThat(server.requests()).isEmpty();
        assertThat(handle.state().lastError()).isEqualTo("UnprintableCredentials");

        acquire(target);
        pollAndRun();
        assertThat(handle.state().status()).isEqualTo(FlagStatus.VALID);
    }

    @Test
    void sendsNothingWithoutCredentials() {
        FlagHandle none = acquire(
                Targets.http(server.port()).credentials(CredentialSource.NONE).build());
        assertThat(none.blockedReason()).isNull();
        requestAfter(FIRST_PHASE);

        assertThat(server.requests()).isEmpty();
        assertThat(none.state()).isEqualTo(new FlagState(FlagStatus.INITIALIZING, null, 0, "NoCredentials"));
        assertThat(none.blockedReason()).isEqualTo(BlockedReason.NO_CREDENTIALS);
    }

    @Test
    void knowsTheBlockedReasonOfEachPrincipal() {
        server.answering(503);
        FlagHandle none = acquire(
                Targets.http(server.port()).credentials(CredentialSource.NONE).build());
        FlagHandle sent = acquire(target);

        requestAfter(FIRST_PHASE);

        assertThat(none.blockedReason()).isEqualTo(BlockedReason.NO_CREDENTIALS);
        assertThat(sent.blockedReason()).isNull();
    }

    @Test
    void triesAnotherPrincipalsCredentialsWhereTheHostIsRefused() {
        FeatureFlagCache validating =
                cache(new WorkspaceHttp(host -> new InetAddress[] {InetAddress.getLoopbackAddress()}));
        FlagHandle named = validating.acquire(
                Targets.of("workspace.invalid")
                        .notFromJdbcUrl()
                        .refusePrivateHosts()
                        .build(),
                () -> {});
        FlagHandle fromJdbcUrl = validating.acquire(
                Targets.of("workspace.invalid")
                        .credentials(Targets.token("b", "Bearer secret-b"))
                        .refusePrivateHosts()
                        .build(),
                () -> {});
        clock.advance(FIRST_PHASE);
        validating.poll(FeatureFlagCacheTest::execute);

        assertThat(named.blockedReason()).isEqualTo(BlockedReason.HOST_REFUSED);
        assertThat(fromJdbcUrl.blockedReason()).isNull();
        assertThat(named.state().lastError()).isEqualTo("ConnectException");
    }

    @Test
    void sendsTheCredentialsAtHandInUnauthenticatedMode() {
        acquire(Targets.http(server.port()).unauthenticated().build());
        requestAfter(FIRST_PHASE);

        assertThat(server.requests().get(0).header("Authorization")).isEqualTo("Bearer secret-a");
    }

    @Test
    void sendsNothingWhenSwitchedOffOrOverridden() {
        String name = FeatureFlagSettings.DEFAULT_NAME;
        Duration ttl = Duration.ofMinutes(15);
        FlagHandle unasked = acquire(Targets.http(server.port())
                .flag(new FeatureFlagSettings(false, name, "OSS_JDBC", ttl, null))
                .build());
        FlagHandle forcedOff = acquire(Targets.http(server.port())
                .flag(new FeatureFlagSettings(true, name, "OSS_JDBC", ttl, false))
                .build());
        requestAfter(FIRST_PHASE);

        assertThat(server.requests()).isEmpty();
        assertThat(unasked.state()).isEqualTo(new FlagState(FlagStatus.OVERRIDDEN, true, 0, null));
        assertThat(forcedOff.state()).isEqualTo(new FlagState(FlagStatus.OVERRIDDEN, false, 0, null));
    }

    @Test
    void keepsTheValueForItsTimeToLiveWhenAHostIsReleasedAndAcquiredAgain() {
        first().close();
        assertThat(cache.poll(tasks::add)).isEqualTo(Long.MAX_VALUE);

        FlagHandle again = acquire(target);
        assertThat(again.state().status()).isEqualTo(FlagStatus.VALID);
        requestAfter(FIRST_PHASE);
        assertThat(server.requests()).hasSize(1);

        again.close();
        clock.advance(Duration.ofMinutes(15));
        assertThat(acquire(target).state()).isEqualTo(FlagState.UNKNOWN);
    }

    @Test
    void waitsBeforeTheRequestOfAHostThatComesBackWhenItIsOverdue() {
        first().close();
        clock.advance(Duration.ofMinutes(14).plusSeconds(59));

        for (int i = 0; i < 10; i++) {
            FlagHandle handle = acquire(target);
            pollAndRun();
            handle.close();
        }

        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void countsEachHandleOnce() {
        FlagHandle one = first();
        FlagHandle other = acquire(target);
        one.close();
        one.close();

        requestAfter(Duration.ofMinutes(15));
        assertThat(server.requests()).as("the other handle is open").hasSize(2);

        other.close();
        requestAfter(Duration.ofMinutes(15));
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void forgetsAResponseForAHostThatWasReleasedMeanwhile() {
        FlagHandle handle = acquire(target);
        clock.advance(FIRST_PHASE);
        cache.poll(tasks::add);
        handle.close();
        FlagHandle again = acquire(target);

        execute(tasks.remove());

        assertThat(again.state().status()).isEqualTo(FlagStatus.INITIALIZING);
    }

    @Test
    void handlesHostsIndependently() {
        try (StubServer otherServer = StubServer.http().answering(request -> flag("false", 60))) {
            FlagHandle other = acquire(Targets.http(otherServer.port()).build());

            assertThat(first().state().status()).isEqualTo(FlagStatus.VALID);
            assertThat(other.state().status()).isEqualTo(FlagStatus.OFF);
        }
    }

    @Test
    void callsBackWhenARequestHasEnded() {
        List<FlagStatus> heard = new ArrayList<>();
        cache.acquire(target, () -> {
            throw new IllegalStateException("a callback with a bug");
        });
        AtomicReference<FlagHandle> handle = new AtomicReference<>();
        handle.set(cache.acquire(
                target,
                () -> heard.add(Objects.requireNonNull(handle.get()).state().status())));

        requestAfter(FIRST_PHASE);

        assertThat(heard).containsExactly(FlagStatus.VALID);
        assertThat(guard.count()).isEqualTo(1);
    }

    @Test
    void triesAgainWhenTheExecutorIsFull() {
        FlagHandle handle = acquire(target);
        clock.advance(FIRST_PHASE);
        cache.poll(task -> {
            throw new RejectedExecutionException();
        });
        assertThat(handle.isRequestInFlight()).isFalse();
        assertThat(handle.state().lastError()).isEqualTo("NotExecuted");
        assertThat(guard.count()).isEqualTo(1);

        requestAfter(FIRST_PHASE);

        assertThat(handle.state().status()).isEqualTo(FlagStatus.VALID);
    }

    @Test
    void requestsAgainLaterWhenThereIsNoThread() {
        FlagHandle handle = acquire(target);
        clock.advance(FIRST_PHASE);
        cache.poll(tasks::add);
        tasks.remove().finish();
        assertThat(handle.isRequestInFlight()).isFalse();
        assertThat(handle.state().lastError()).isEqualTo("NotExecuted");

        requestAfter(FIRST_PHASE);
        assertThat(handle.state().status()).isEqualTo(FlagStatus.VALID);
    }

    @Test
    void givesUpARequestThatCannotBeAborted() {
        AtomicReference<BlockingTask> hanging = new AtomicReference<>();
        CredentialSource credentials = Targets.token("a", "Bearer secret-a");
        FlagHandle handle = acquire(Targets.http(server.port())
                .credentials(new CredentialSource() {
                    @Override
                    public String identity() {
                        return credentials.identity();
                    }

                    @Override
                    public @Nullable String authorization() {
                        BlockingTask task = hanging.getAndSet(null);
                        if (task != null) {
                            task.abort();
                            task.finish();
                        }
                        return credentials.authorization();
                    }
                })
                .build());
        clock.advance(FIRST_PHASE);
        cache.poll(tasks::add);
        hanging.set(tasks.element());
        execute(tasks.remove());

        assertThat(server.requests()).isEmpty();
        assertThat(handle.isRequestInFlight()).isFalse();
        assertThat(handle.state().lastError()).isEqualTo("Aborted");
        requestAfter(FIRST_PHASE);
        assertThat(handle.state().status()).isEqualTo(FlagStatus.VALID);
    }

    @Test
    void givesUpARequestThatWasLostWithItsThread() {
        FlagHandle handle = acquire(target);
        clock.advance(FIRST_PHASE);
        cache.poll(tasks::add);
        BlockingTask lost = tasks.remove();

        clock.advance(Duration.ofMinutes(5));
        cache.poll(tasks::add);
        assertThat(handle.state().lastError()).isEqualTo("Lost");
        assertThat(handle.isRequestInFlight()).isTrue();

        server.answering(503);
        lost.run();
        lost.finish();
        assertThat(handle.isRequestInFlight())
                .as("it does not speak for the next one")
                .isTrue();
        server.answering(request -> flag("true", 60));
        execute(tasks.remove());
        assertThat(handle.state().status()).isEqualTo(FlagStatus.VALID);
    }

    @Test
    void aTaskKnowsWhetherTheLastRequestFailedOrTookLong() {
        server.answering(503);
        first();
        assertThat(next().isTroubled()).isTrue();

        server.answering(request -> {
            clock.advance(Duration.ofSeconds(1));
            return flag("true", 60);
        });
        execute(tasks.remove());
        clock.advance(Duration.ofMinutes(1));
        assertThat(next().isTroubled()).isTrue();

        server.answering(request -> flag("true", 60));
        execute(tasks.remove());
        clock.advance(Duration.ofMinutes(1));
        assertThat(next().isTroubled()).isFalse();

        // A refusal came at once.
        server.answering(403);
        execute(tasks.remove());
        clock.advance(FIRST_PHASE);
        assertThat(next().isTroubled()).isFalse();
    }

    private BlockingTask next() {
        clock.advance(FIRST_PHASE);
        cache.poll(tasks::add);
        return tasks.element();
    }

    @Test
    void requestsAtOnceWhenOtherCredentialsCameDuringARequest() {
        FlagHandle handle = acquire(target);
        clock.advance(FIRST_PHASE);
        cache.poll(tasks::add);
        server.answering(request -> {
            acquire(with("b", "Bearer secret-b", server.port()));
            return Answer.of(401);
        });
        execute(tasks.remove());
        server.answering(request -> flag("true", 60));
        pollAndRun();

        assertThat(server.requests()).hasSize(2);
        assertThat(server.requests().get(1).header("Authorization")).isEqualTo("Bearer secret-b");
        assertThat(handle.state().status()).isEqualTo(FlagStatus.VALID);
    }

    @Test
    void countsNoFailureOfAServiceAsOurs() {
        server.answering(503);
        first();
        server.answering(request -> Answer.of(200, "<html>"));
        requestAfter(FIRST_PHASE);

        assertThat(server.requests()).hasSize(2);
        assertThat(guard.count()).isZero();
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
}
