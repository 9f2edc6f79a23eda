package io.github.databrickstelemetry.breaker;

import java.util.List;

/**
 * A circuit breaker at one moment. Immutable.
 *
 * @param state the state
 * @param probeInMillis milliseconds until an open breaker admits its next probe; 0 in the other states
 * @param transitions the last changes of the state, oldest first, at most ten
 */
public record BreakerStatus(BreakerState state, long probeInMillis, List<Transition> transitions) {

    /** The states of a circuit breaker. */
    public enum BreakerState {
        /** Requests pass. */
        CLOSED,
        /** Requests are refused until the open time is over. */
        OPEN,
        /** One probe at a time passes. */
        HALF_OPEN
    }

    /**
     * One change of the state.
     *
     * @param atMillis the time in epoch milliseconds
     */
    public record Transition(BreakerState from, BreakerState to, long atMillis) {}

    public BreakerStatus {
        transitions = List.copyOf(transitions);
    }
}
