package io.github.databrickstelemetry.breaker.internal;

import io.github.databrickstelemetry.breaker.BreakerState;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Permission to send one request. Used in a try-with-resources statement, so that neither an exception nor a cancelled
 * task can keep it: a permit without an outcome is given back as neutral. Only the first outcome counts. Thread-safe.
 */
public final class Permit implements AutoCloseable {

    private final CircuitBreaker breaker;
    private final State issuer;
    private final AtomicBoolean settled = new AtomicBoolean();

    Permit(CircuitBreaker breaker, State issuer) {
        this.breaker = breaker;
        this.issuer = issuer;
    }

    /** Whether this is the probe of a half-open breaker: a single attempt, never retried. */
    public boolean isProbe() {
        return issuer.name() == BreakerState.HALF_OPEN;
    }

    /** The request succeeded. */
    public void success() {
        if (settled.compareAndSet(false, true)) {
            move(true);
        }
    }

    /** The request failed. */
    public void failure() {
        if (settled.compareAndSet(false, true)) {
            move(false);
        }
    }

    /** If there is no memory for the next state, the present one takes the permit back. */
    private void move(boolean success) {
        try {
            breaker.transition(issuer, success ? issuer.onSuccess() : issuer.onFailure());
        } catch (Throwable outOfMemory) {
            issuer.onNeutral();
            throw outOfMemory;
        }
    }

    /**
     * The request failed because the host has too much to do: the breaker opens at once instead of after further
     * failures.
     *
     * @param retryAfter the time that the host asks for, for which the breaker stays open at least; zero if it does not
     */
    public void overload(Duration retryAfter) {
        if (settled.compareAndSet(false, true)) {
            move(false);
            breaker.openFor(issuer, retryAfter);
        }
    }

    /** The request says nothing about the host, or was never sent. */
    public void neutral() {
        if (settled.compareAndSet(false, true)) {
            issuer.onNeutral();
        }
    }

    /** As {@link #neutral()}, unless there was an outcome before. */
    @Override
    public void close() {
        neutral();
    }
}
