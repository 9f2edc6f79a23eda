package io.github.databrickstelemetry.breaker.internal;

import io.github.databrickstelemetry.breaker.BreakerState;
import java.util.concurrent.atomic.AtomicInteger;

/** Every request passes; consecutive failures are counted. */
final class ClosedState implements State {

    private final CircuitBreaker breaker;
    private final int failureThreshold;
    private final AtomicInteger failures = new AtomicInteger();

    ClosedState(CircuitBreaker breaker, int failureThreshold) {
        this.breaker = breaker;
        this.failureThreshold = failureThreshold;
    }

    @Override
    public BreakerState name() {
        return BreakerState.CLOSED;
    }

    @Override
    public boolean tryAcquire() {
        return true;
    }

    @Override
    public State onSuccess() {
        failures.set(0);
        return this;
    }

    @Override
    public State onFailure() {
        return failures.incrementAndGet() >= failureThreshold ? breaker.open() : this;
    }
}
