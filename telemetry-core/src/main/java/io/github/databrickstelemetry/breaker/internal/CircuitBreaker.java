package io.github.databrickstelemetry.breaker.internal;

import io.github.databrickstelemetry.breaker.BreakerStatus;
import io.github.databrickstelemetry.breaker.BreakerStatus.BreakerState;
import io.github.databrickstelemetry.breaker.BreakerStatus.Transition;
import io.github.databrickstelemetry.config.ClientSettings.CircuitBreakerSettings;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Guards one host. Thread-safe; no method waits for a request.
 *
 * <p>No request is sent without a {@link Permit}, and every permit is given back: with the request's outcome, or without
 * one by {@link Permit#close()}. A permit belongs to the period that issued it, so a response that arrives after the state
 * has changed does not change it again.
 */
public final class CircuitBreaker {

    private static final Logger logger = LoggerFactory.getLogger(CircuitBreaker.class);

    private static final int MAX_TRANSITIONS = 10;

    /** The time between two changes of the state. */
    private static final class Period {

        private final BreakerState state;

        /** The end of the open time. */
        private long untilNanos;

        private int consecutiveFailures;
        private int successfulProbes;
        private boolean probing;

        Period(BreakerState state, long untilNanos) {
            this.state = state;
            this.untilNanos = untilNanos;
        }
    }

    private final String host;
    private final CircuitBreakerSettings settings;
    private final TelemetryClock clock;
    private final RandomGenerator random;
    private final Deque<Transition> transitions = new ArrayDeque<>();
    private Period current = new Period(BreakerState.CLOSED, 0);

    CircuitBreaker(String host, CircuitBreakerSettings settings, TelemetryClock clock, RandomGenerator random) {
        this.host = host;
        this.settings = settings;
        this.clock = clock;
        this.random = random;
    }

    /** The state at present. An open breaker becomes half-open with the next request for a permit, not by itself. */
    public synchronized BreakerState state() {
        return current.state;
    }

    /** State, remaining open time and the last transitions. */
    public synchronized BreakerStatus status() {
        return new BreakerStatus(
                current.state, TimeUnit.NANOSECONDS.toMillis(remainingNanos()), List.copyOf(transitions));
    }

    /** Returns a permit to send one request, or null if none may be sent now. */
    public @Nullable Permit tryAcquire() {
        log(endOpenTime());
        return acquire();
    }

    private synchronized @Nullable Transition endOpenTime() {
        return current.state == BreakerState.OPEN && remainingNanos() == 0
                ? enter(new Period(BreakerState.HALF_OPEN, 0))
                : null;
    }

    private synchronized @Nullable Permit acquire() {
        if (current.state == BreakerState.OPEN || current.probing) {
            return null;
        }
        Permit permit = new Permit(current);
        current.probing = permit.isProbe();
        return permit;
    }

    /**
     * Opens for the breaker's own open time or this one, whichever is longer, and up to as much again. Probes are sent when
     * a flush is due: a smaller spread than two flush intervals would bring a fleet back in step.
     */
    private Transition open(Duration atLeast) {
        long nanos = Math.max(settings.openTimeout().toNanos(), atLeast.toNanos());
        return enter(new Period(BreakerState.OPEN, clock.nanoTime() + nanos + random.nextLong(nanos + 1)));
    }

    private Transition enter(Period next) {
        Transition change = new Transition(current.state, next.state, clock.epochMillis());
        if (transitions.size() == MAX_TRANSITIONS) {
            transitions.removeFirst();
        }
        transitions.addLast(change);
        current = next;
        return change;
    }

    /** Never inside the lock, which readers of the state wait for: an appender may block. */
    private void log(@Nullable Transition change) {
        if (change != null) {
            logger.debug("Circuit breaker of {} changed from {} to {}", host, change.from(), change.to());
        }
    }

    private long remainingNanos() {
        return current.state == BreakerState.OPEN ? Math.max(0, current.untilNanos - clock.nanoTime()) : 0;
    }

    /**
     * Permission to send one request. Used in a try-with-resources statement, so that neither an exception nor a cancelled
     * task can keep it. Only the first outcome counts. Thread-safe.
     */
    public final class Permit implements AutoCloseable {

        private final Period issuer;
        private boolean settled;

        private Permit(Period issuer) {
            this.issuer = issuer;
        }

        /** Whether this is the probe of a half-open breaker: a single attempt, never retried. */
        public boolean isProbe() {
            return issuer.state == BreakerState.HALF_OPEN;
        }

        /** The request succeeded. */
        public void success() {
            settle(() -> {
                issuer.consecutiveFailures = 0;
                boolean enough = isProbe() && ++issuer.successfulProbes >= settings.successThreshold();
                return enough && issuer == current ? enter(new Period(BreakerState.CLOSED, 0)) : null;
            });
        }

        /** The request failed. */
        public void failure() {
            settle(() -> {
                boolean enough = isProbe() || ++issuer.consecutiveFailures >= settings.failureThreshold();
                return enough && issuer == current ? open(Duration.ZERO) : null;
            });
        }

        /**
         * The request failed because the host has too much to do: the breaker opens at once instead of after further
         * failures.
         *
         * @param retryAfter the time that the host asks for, for which the breaker stays open at least; zero if it does not
         */
        public void overload(Duration retryAfter) {
            settle(() -> {
                if (issuer == current) {
                    return open(retryAfter);
                }
                if (current.state == BreakerState.OPEN) {
                    current.untilNanos = clock.nanoTime() + Math.max(remainingNanos(), retryAfter.toNanos());
                }
                return null;
            });
        }

        /** Without an outcome before, the request says nothing about the host, or was never sent. */
        @Override
        public void close() {
            settle(() -> null);
        }

        /** Gives the place of a probe back, with the first outcome only. */
        private void settle(Supplier<@Nullable Transition> outcome) {
            Transition change = null;
            synchronized (CircuitBreaker.this) {
                if (!settled) {
                    settled = true;
                    issuer.probing = false;
                    change = outcome.get();
                }
            }
            log(change);
        }
    }
}
