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

    public BreakerStatus {
        transitions = List.copyOf(transitions);
    }

    /**
     * One change of the state.
     *
     * @param atMillis the time in epoch milliseconds
     */
    public record Transition(BreakerState from, BreakerState to, long atMillis) {}
}
