package io.github.databrickstelemetry.breaker.internal;

import io.github.databrickstelemetry.breaker.BreakerState;
import io.github.databrickstelemetry.config.CircuitBreakerSettings;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Guards one host. Thread-safe and lock-free.
 *
 * <p>No request is sent without a {@link Permit}, and every permit is given back: with what became of the request, or
 * as neutral by {@link Permit#close()}. A permit speaks to the state that issued it, so an answer that arrives after
 * that state has passed changes nothing.
 */
public final class CircuitBreaker {

    private static final Logger logger = LoggerFactory.getLogger(CircuitBreaker.class);

    private static final AtomicReferenceFieldUpdater<CircuitBreaker, State> CURRENT =
            AtomicReferenceFieldUpdater.newUpdater(CircuitBreaker.class, State.class, "current");

    private final String host;
    private final CircuitBreakerSettings settings;
    private final TelemetryClock clock;
    private final RandomGenerator random;
    private final List<CircuitBreakerListener> listeners;
    private final Guard guard = new Guard(logger);
    private volatile State current;

    /**
     * @param host {@code host:port}, for listeners
     * @param random spreads the end of the open time; must be thread-safe
     * @param listeners may grow while the breaker lives, so pass a concurrent list
     */
    CircuitBreaker(
            String host,
            CircuitBreakerSettings settings,
            TelemetryClock clock,
            RandomGenerator random,
            List<CircuitBreakerListener> listeners) {
        this.host = host;
        this.settings = settings;
        this.clock = clock;
        this.random = random;
        this.listeners = listeners;
        this.current = closed();
    }

    /** The state at present. An open breaker turns half-open when it is next asked for a permit, not by itself. */
    public BreakerState state() {
        return current.name();
    }

    /** {@code host:port} of the guarded host. */
    public String host() {
        return host;
    }

    /** Leave to send one request, or null if none may be sent now. Never blocks. */
    public @Nullable Permit tryAcquire() {
        while (true) {
            State state = current;
            State next = state.onAcquire();
            if (next != state) {
                // The open time is over. Whoever loses this race finds the winner's state in the next round.
                transition(state, next);
            } else {
                return state.tryAcquire() ? new Permit(this, state) : null;
            }
        }
    }

    /** Moves on, unless another thread was first. */
    void transition(State from, State to) {
        if (from != to && CURRENT.compareAndSet(this, from, to)) {
            logger.debug("Circuit breaker of {} went from {} to {}", host, from.name(), to.name());
            for (CircuitBreakerListener listener : listeners) {
                guard.run("circuit breaker listener", () -> listener.onTransition(host, from.name(), to.name()));
            }
        }
    }

    State closed() {
        return new ClosedState(this, settings.failureThreshold());
    }

    /** Opens for the configured time and up to half of it more, so that a fleet does not come back in step. */
    State open() {
        long atLeast = settings.openTimeout().toNanos();
        long extra = random.nextLong(atLeast / 2 + 1);
        return new OpenState(this, clock, clock.nanoTime() + atLeast + extra);
    }

    State halfOpen() {
        return new HalfOpenState(this, settings.successThreshold());
    }

    @Override
    public String toString() {
        return "CircuitBreaker[" + host + ", " + state() + "]";
    }
}
