package io.github.databrickstelemetry.breaker;

/** Guards one host. */
public interface CircuitBreaker {

    /** The state at present. */
    BreakerState state();
}
