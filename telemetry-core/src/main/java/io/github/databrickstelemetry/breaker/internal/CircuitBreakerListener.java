package io.github.databrickstelemetry.breaker.internal;

import io.github.databrickstelemetry.breaker.BreakerState;

/** Observes breakers. Called on the thread whose request made the difference; must be quick. What it throws is swallowed. */
@FunctionalInterface
public interface CircuitBreakerListener {

    /**
     * A breaker changed its state.
     *
     * @param host {@code host:port}
     */
    void onTransition(String host, BreakerState from, BreakerState to);
}
