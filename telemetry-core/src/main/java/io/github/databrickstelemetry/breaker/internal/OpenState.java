package io.github.databrickstelemetry.breaker.internal;

import io.github.databrickstelemetry.breaker.BreakerState;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;

/** No request passes until the open time is over. */
final class OpenState implements State {

    private final CircuitBreaker breaker;
    private final TelemetryClock clock;
    private final long untilNanos;

    OpenState(CircuitBreaker breaker, TelemetryClock clock, long untilNanos) {
        this.breaker = breaker;
        this.clock = clock;
        this.untilNanos = untilNanos;
    }

    @Override
    public BreakerState name() {
        return BreakerState.OPEN;
    }

    @Override
    public State onAcquire() {
        return clock.nanoTime() - untilNanos >= 0 ? breaker.halfOpen() : this;
    }

    @Override
    public boolean tryAcquire() {
        return false;
    }

    @Override
    public State onSuccess() {
        return this;
    }

    @Override
    public State onFailure() {
        return this;
    }

    @Override
    public void onNeutral() {
        // This state issues no permits.
    }
}
