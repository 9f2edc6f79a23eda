package io.github.databrickstelemetry.breaker.internal;

import io.github.databrickstelemetry.breaker.BreakerState;

/** One state of a breaker. No method blocks. A method that returns a state returns the one that follows. */
sealed interface State permits ClosedState, OpenState, HalfOpenState {

    BreakerState name();

    /** Nanoseconds until the next probe is admitted; 0 where this state admits requests. */
    default long remainingNanos() {
        return 0;
    }

    /** The state that decides about a permit: this one, unless its time is over. */
    default State onAcquire() {
        return this;
    }

    /** Whether a request may be sent now. */
    boolean tryAcquire();

    /** A request with this state's permit succeeded. */
    default State onSuccess() {
        return this;
    }

    /** A request with this state's permit failed. */
    default State onFailure() {
        return this;
    }

    /** A permit of this state came back without an outcome that says anything about the host. */
    default void onNeutral() {}
}
