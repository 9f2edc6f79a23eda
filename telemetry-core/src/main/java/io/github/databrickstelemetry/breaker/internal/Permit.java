package io.github.databrickstelemetry.breaker.internal;

import io.github.databrickstelemetry.breaker.BreakerState;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Leave to send one request. To be used in a try-with-resources statement, so that neither an exception nor a cancelled
 * task can keep it: whatever was not settled before is given back as neutral. Only the first way of giving it back
 * counts. Thread-safe.
 */
public final class Permit implements AutoCloseable {

    private final CircuitBreaker breaker;
    private final State issuer;
    private final AtomicBoolean settled = new AtomicBoolean();

    Permit(CircuitBreaker breaker, State issuer) {
        this.breaker = breaker;
        this.issuer = issuer;
    }

    /** Whether this is the half-open breaker's probe: a single attempt, never retried. */
    public boolean isProbe() {
        return issuer.name() == BreakerState.HALF_OPEN;
    }

    /** The host answered well. */
    public void success() {
        if (settled.compareAndSet(false, true)) {
            breaker.transition(issuer, issuer.onSuccess());
        }
    }

    /** The host failed. */
    public void failure() {
        if (settled.compareAndSet(false, true)) {
            breaker.transition(issuer, issuer.onFailure());
        }
    }

    /** The request said nothing about the host, or was never sent. */
    public void neutral() {
        if (settled.compareAndSet(false, true)) {
            issuer.onNeutral();
        }
    }

    /** As {@link #neutral()}, unless settled before. */
    @Override
    public void close() {
        neutral();
    }
}
