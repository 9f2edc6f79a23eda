package io.github.databrickstelemetry.breaker.internal;

import io.github.databrickstelemetry.breaker.BreakerState;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import java.util.concurrent.atomic.AtomicLong;

/** No request passes until the open time is over. */
final class OpenState implements State {

    private final CircuitBreaker breaker;
    private final TelemetryClock clock;
    private final AtomicLong untilNanos;

    OpenState(CircuitBreaker breaker, TelemetryClock clock, long untilNanos) {
        this.breaker = breaker;
        this.clock = clock;
        this.untilNanos = new AtomicLong(untilNanos);
    }

    @Override
    public BreakerState name() {
        return BreakerState.OPEN;
    }

    /** Moves the end of the open time, never to an earlier moment. */
    void extend(long nanos) {
        untilNanos.accumulateAndGet(nanos, (old, wanted) -> wanted - old > 0 ? wanted : old);
    }

    @Override
    public long remainingNanos() {
        return Math.max(0, untilNanos.get() - clock.nanoTime());
    }

    @Override
    public State onAcquire() {
        return remainingNanos() == 0 ? breaker.halfOpen() : this;
    }

    @Override
    public boolean tryAcquire() {
        return false;
    }
}
