package io.github.databrickstelemetry.breaker.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.github.databrickstelemetry.breaker.BreakerStatus.BreakerState;
import io.github.databrickstelemetry.breaker.BreakerStatus.Transition;
import io.github.databrickstelemetry.breaker.internal.CircuitBreaker.Permit;
import io.github.databrickstelemetry.config.ClientSettings.CircuitBreakerSettings;
import io.github.databrickstelemetry.testing.FakeClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class CircuitBreakerTest {

    /** The longest that the breaker stays open: twice the open time. */
    private static final Duration LONGEST_OPEN = Duration.ofMinutes(2);

    private final FakeClock clock = new FakeClock();
    private final CircuitBreakerRegistry registry = new CircuitBreakerRegistry(clock, new Random(7));
    private final CircuitBreaker breaker = registry.breaker("host:443", CircuitBreakerSettings.DEFAULTS);

    private Permit permit() {
        return Objects.requireNonNull(breaker.tryAcquire(), "no permit");
    }

    private Duration remaining() {
        return Duration.ofMillis(breaker.status().probeInMillis());
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            permit().failure();
        }
    }

    private void open() {
        fail(5);
        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
    }

    private void halfOpen() {
        open();
        clock.advance(LONGEST_OPEN);
    }

    /** Readers of the state would wait for an appender that blocks. */
    @Test
    void logsOutsideItsLock() {
        List<Boolean> locked = new ArrayList<>();
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                locked.add(Thread.holdsLock(breaker));
            }
        };
        appender.start();
        Logger logger = (Logger) LoggerFactory.getLogger(CircuitBreaker.class);
        logger.addAppender(appender);
        try {
            halfOpen();
            permit().success();
            permit().success();
        } finally {
            logger.detachAppender(appender);
        }
        assertThat(locked).containsExactly(false, false, false);
    }

    @Test
    void startsClosed() {
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(permit().isProbe()).isFalse();
    }

    @Test
    void opensAfterFiveConsecutiveFailures() {
        fail(4);
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);

        fail(1);

        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void rejectsRequestsWhileOpen() {
        open();

        assertThat(breaker.tryAcquire()).isNull();
        clock.advance(Duration.ofSeconds(60).minusNanos(1));
        assertThat(breaker.tryAcquire()).isNull();
    }

    @Test
    void forgetsFailuresAfterASuccess() {
        fail(4);
        permit().success();
        fail(4);

        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void neitherCountsNorForgetsWhatSaysNothing() {
        fail(4);
        permit().close();
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);

        fail(1);

        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void admitsOneProbeAtATimeWhenHalfOpen() {
        halfOpen();

        Permit probe = permit();

        assertThat(probe.isProbe()).isTrue();
        assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
        assertThat(breaker.tryAcquire()).isNull();
        probe.success();
        assertThat(permit().isProbe()).isTrue();
    }

    @Test
    void closesAfterTwoSuccessfulProbes() {
        halfOpen();

        permit().success();
        assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
        permit().success();

        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
        fail(4);
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void opensAgainAfterOneFailedProbe() {
        halfOpen();
        permit().success();

        permit().failure();

        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
        assertThat(breaker.tryAcquire()).isNull();
    }

    @Test
    void givesTheProbesPlaceToTheNextWhenAProbeSaysNothing() {
        halfOpen();

        permit().close();

        assertThat(permit().isProbe()).isTrue();
    }

    @Test
    void givesBackThePermitOfATaskThatThrows() {
        halfOpen();

        assertThatThrownBy(() -> {
                    try (Permit probe = permit()) {
                        throw new IllegalStateException("a bug in the middle of " + probe.isProbe());
                    }
                })
                .isInstanceOf(IllegalStateException.class);

        assertThat(permit().isProbe()).isTrue();
    }

    @Test
    void countsOnlyTheFirstWayOfGivingAPermitBack() {
        halfOpen();
        Permit probe = permit();
        probe.success();
        probe.failure();
        probe.close();

        assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
        Permit next = permit();
        probe.close();
        assertThat(breaker.tryAcquire())
                .as("the second probe still holds its place")
                .isNull();
        next.success();
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void ignoresAnswersThatArriveAfterTheirStateHasPassed() {
        Permit slow = permit();
        Permit slower = permit();
        halfOpen();
        Permit probe = permit();

        slow.success();
        slower.failure();

        assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
        assertThat(breaker.tryAcquire()).isNull();
        probe.success();
        permit().success();
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void staysOpenForUpToTwiceTheOpenTime() {
        List<Long> seconds = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            CircuitBreaker fresh = registry.breaker("host:" + i, CircuitBreakerSettings.DEFAULTS);
            for (int failure = 0; failure < 5; failure++) {
                Objects.requireNonNull(fresh.tryAcquire()).failure();
            }
            long waited = 0;
            while (fresh.tryAcquire() == null) {
                clock.advance(Duration.ofSeconds(1));
                waited++;
            }
            seconds.add(waited);
        }

        assertThat(seconds).allSatisfy(waited -> assertThat(waited).isBetween(60L, 120L));
        assertThat(seconds.stream().distinct().count()).isGreaterThan(10);
    }

    @Test
    void keepsTheLastTenTransitionsWithTheirTimes() {
        long start = clock.epochMillis();
        halfOpen();
        permit().success();
        permit().success();

        long probed = start + LONGEST_OPEN.toMillis();
        assertThat(breaker.status().transitions())
                .containsExactly(
                        new Transition(BreakerState.CLOSED, BreakerState.OPEN, start),
                        new Transition(BreakerState.OPEN, BreakerState.HALF_OPEN, probed),
                        new Transition(BreakerState.HALF_OPEN, BreakerState.CLOSED, probed));

        for (int i = 0; i < 20; i++) {
            halfOpen();
            permit().failure();
            clock.advance(LONGEST_OPEN);
            permit().success();
            permit().success();
        }
        assertThat(breaker.status().transitions()).hasSize(10);
        assertThat(breaker.status().transitions().get(9).to()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void tellsTheTimeUntilTheNextProbe() {
        assertThat(remaining()).isZero();
        open();

        assertThat(remaining()).isBetween(Duration.ofSeconds(60), LONGEST_OPEN);
        assertThat(breaker.status().state()).isEqualTo(BreakerState.OPEN);

        clock.advance(remaining());
        assertThat(breaker.tryAcquire()).as("less than a millisecond is left").isNull();
        clock.advance(Duration.ofMillis(1));
        assertThat(remaining()).isZero();
        assertThat(permit().isProbe()).isTrue();
        assertThat(breaker.status().probeInMillis()).isZero();
    }

    @Test
    void opensAtOnceForAsLongAsAnOverloadedHostAsks() {
        permit().overload(Duration.ofSeconds(200));

        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
        assertThat(remaining()).isBetween(Duration.ofSeconds(200), Duration.ofSeconds(400));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1})
    void opensForItsOwnTimeAtLeastWhateverAnOverloadedHostAsks(long seconds) {
        permit().overload(Duration.ofSeconds(seconds));
        assertThat(remaining()).isBetween(Duration.ofSeconds(60), LONGEST_OPEN);

        clock.advance(LONGEST_OPEN);
        permit().overload(Duration.ofSeconds(seconds));
        assertThat(remaining()).isBetween(Duration.ofSeconds(60), LONGEST_OPEN);
    }

    @Test
    void opensForAsLongAsAskedAlsoWithTheLastOfTheFailuresAndWithAProbe() {
        fail(4);
        permit().overload(Duration.ofSeconds(200));
        assertThat(remaining()).isBetween(Duration.ofSeconds(200), Duration.ofSeconds(400));

        clock.advance(Duration.ofSeconds(400));
        permit().overload(Duration.ofMinutes(5));
        assertThat(remaining()).isBetween(Duration.ofMinutes(5), Duration.ofMinutes(10));
    }

    @Test
    void staysOpenForLongerWhenAnotherRequestIsAskedToWaitLonger() {
        Permit slow = permit();
        open();

        slow.overload(Duration.ofMinutes(5));

        assertThat(remaining()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void ignoresALateOverloadOnceItIsClosedAgain() {
        Permit slow = permit();
        halfOpen();
        permit().success();
        permit().success();

        slow.overload(Duration.ofMinutes(5));

        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void isolatesHosts() {
        CircuitBreaker other = registry.breaker("other:443", CircuitBreakerSettings.DEFAULTS);

        open();

        assertThat(other.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(other.tryAcquire()).isNotNull();
    }

    @Test
    void isOneForAllPrincipalsOfAHost() {
        assertThat(registry.breaker("host:443", new CircuitBreakerSettings(1, Duration.ofSeconds(1), 1)))
                .isSameAs(breaker);
    }

    @Test
    void honoursItsSettings() {
        CircuitBreaker quick = registry.breaker("quick:443", new CircuitBreakerSettings(1, Duration.ofSeconds(2), 1));
        Objects.requireNonNull(quick.tryAcquire()).failure();
        assertThat(quick.state()).isEqualTo(BreakerState.OPEN);
        clock.advance(Duration.ofSeconds(4));
        Objects.requireNonNull(quick.tryAcquire()).success();
        assertThat(quick.state()).isEqualTo(BreakerState.CLOSED);
    }
}
