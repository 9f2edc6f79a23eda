package io.github.databrickstelemetry.breaker.internal;

import io.github.databrickstelemetry.breaker.BreakerState;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** One probe at a time passes; enough successes close the breaker, the first failure opens it again. */
final class HalfOpenState implements State {

    private final CircuitBreaker breaker;
    private final int successThreshold;
    private final AtomicBoolean probing = new AtomicBoolean();
    private final AtomicInteger successes = new AtomicInteger();

    HalfOpenState(CircuitBreaker breaker, int successThreshold) {
        this.breaker = breaker;
        this.successThreshold = successThreshold;
    }

    @Override
    public BreakerState name() {
        return BreakerState.HALF_OPEN;
    }

    @Override
    public boolean tryAcquire() {
        return probing.compareAndSet(false, true);
    }

    @Override
    public State onSuccess() {
        if (successes.incrementAndGet() >= successThreshold) {
            // The place stays taken: this state admits no further probe.
            return breaker.closed();
        }
        probing.set(false);
        return this;
    }

    @Override
    public State onFailure() {
        return breaker.open();
    }

    @Override
    public void onNeutral() {
        probing.set(false);
    }
}
