package io.github.databrickstelemetry.breaker.internal;

import io.github.databrickstelemetry.breaker.BreakerState;

/** One state of a breaker. Every question is answered without blocking; answers name the state that follows. */
sealed interface State permits ClosedState, OpenState, HalfOpenState {

    BreakerState name();

    /** The state in which a permit is to be asked for: this one, unless its time is over. */
    State onAcquire();

    /** Whether a request may be sent now. */
    boolean tryAcquire();

    /** A request with this state's permit succeeded. */
    State onSuccess();

    /** A request with this state's permit failed. */
    State onFailure();

    /** A permit of this state came back without saying anything about the host. */
    void onNeutral();
}
