package io.github.databrickstelemetry.breaker.internal;

import io.github.databrickstelemetry.breaker.BreakerState;
import io.github.databrickstelemetry.breaker.BreakerStatus;
import io.github.databrickstelemetry.breaker.BreakerStatus.Transition;
import io.github.databrickstelemetry.config.ClientSettings.CircuitBreakerSettings;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Guards one host. Thread-safe; no method blocks.
 *
 * <p>No request is sent without a {@link Permit}, and every permit is given back: with the request's outcome, or as
 * neutral by {@link Permit#close()}. A permit belongs to the state that issued it, so a response that arrives after that
 * state has passed does not change the state.
 */
public final class CircuitBreaker {

    private static final Logger logger = LoggerFactory.getLogger(CircuitBreaker.class);

    private static final int MAX_TRANSITIONS = 10;

    private final String host;
    private final CircuitBreakerSettings settings;
    private final TelemetryClock clock;
    private final RandomGenerator random;
    private volatile State current;
    private final Deque<Transition> transitions = new ArrayDeque<>();

    /**
     * @param host {@code host:port}
     * @param random spreads the end of the open time; must be thread-safe
     */
    CircuitBreaker(String host, CircuitBreakerSettings settings, TelemetryClock clock, RandomGenerator random) {
        this.host = host;
        this.settings = settings;
        this.clock = clock;
        this.random = random;
        this.current = closed();
    }

    /** The state at present. An open breaker becomes half-open with the next request for a permit, not by itself. */
    public BreakerState state() {
        return current.name();
    }

    /** The time until an open breaker admits its next probe; zero in the other states. */
    public Duration remaining() {
        return Duration.ofNanos(current.remainingNanos());
    }

    /** State, remaining time and the last transitions. */
    public BreakerStatus status() {
        List<Transition> last;
        synchronized (transitions) {
            last = List.copyOf(transitions);
        }
        State state = current;
        return new BreakerStatus(
                state.name(), Duration.ofNanos(state.remainingNanos()).toMillis(), last);
    }

    /** Returns a permit to send one request, or null if none may be sent now. */
    public @Nullable Permit tryAcquire() {
        while (true) {
            State state = current;
            State next = state.onAcquire();
            if (next == state) {
                return state.tryAcquire() ? new Permit(this, state) : null;
            }
            // The open time is over. If another thread moves on first, the next round finds its state.
            transition(state, next);
        }
    }

    /** Changes the state, unless another thread did so first: then it returns false. */
    boolean transition(State from, State to) {
        if (from == to) {
            return false;
        }
        synchronized (transitions) {
            if (current != from) {
                return false;
            }
            if (transitions.size() == MAX_TRANSITIONS) {
                transitions.removeFirst();
            }
            transitions.addLast(new Transition(from.name(), to.name(), clock.epochMillis()));
            current = to;
        }
        logger.debug("Circuit breaker of {} changed from {} to {}", host, from.name(), to.name());
        return true;
    }

    /**
     * Opens the breaker if it is still in this state, for its own open time or this one, whichever is longer. A breaker
     * that is open stays open at least as long.
     */
    void openFor(State issuer, Duration time) {
        Duration own = settings.openTimeout();
        Duration longer = time.compareTo(own) > 0 ? time : own;
        if (!transition(issuer, open(longer)) && current instanceof OpenState open) {
            open.extend(clock.nanoTime() + time.toNanos());
        }
    }

    State closed() {
        return new ClosedState(this, settings.failureThreshold());
    }

    State open() {
        return open(settings.openTimeout());
    }

    private State open(Duration time) {
        return new OpenState(this, clock, clock.nanoTime() + spread(time));
    }

    /**
     * The time and up to as much again. Probes are sent when a flush is due: a smaller spread than two flush intervals would
     * bring a fleet back in step.
     */
    private long spread(Duration time) {
        long nanos = time.toNanos();
        return nanos + random.nextLong(nanos + 1);
    }

    State halfOpen() {
        return new HalfOpenState(this, settings.successThreshold());
    }

    @Override
    public String toString() {
        return "CircuitBreaker[" + host + ", " + state() + "]";
    }
}
