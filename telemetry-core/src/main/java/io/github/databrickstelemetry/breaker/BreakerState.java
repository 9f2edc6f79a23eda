package io.github.databrickstelemetry.breaker;

/** The states of a circuit breaker. */
public enum BreakerState {
    /** Requests pass. */
    CLOSED,
    /** Requests are refused until the open time is over. */
    OPEN,
    /** One probe at a time passes. */
    HALF_OPEN
}
