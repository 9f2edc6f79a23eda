package io.github.databrickstelemetry.flag.internal;

import io.github.databrickstelemetry.flag.FlagState;
import io.github.databrickstelemetry.flag.FlagState.FlagStatus;
import org.jspecify.annotations.Nullable;

/**
 * One client's reference to its host's feature flag: the host is requested as long as a handle to it is open. No method
 * blocks. Belongs to the worker.
 */
public interface FlagHandle {

    /** Why a flag request could not be sent, or an export. */
    enum BlockedReason {
        /** There are no credentials now that a request can carry. */
        NO_CREDENTIALS,
        /** The host may not be contacted. */
        HOST_REFUSED
    }

    /** The state of the flag at present. */
    FlagState state();

    /**
     * The reason why the last flag request was not sent with this client's credentials; null if it was sent, or if none was
     * tried with them.
     */
    default @Nullable BlockedReason blockedReason() {
        return null;
    }

    /** Whether a request for this flag is in flight. */
    default boolean isRequestInFlight() {
        return false;
    }

    /** Gives the reference back. Idempotent. */
    default void close() {}

    /** A handle to a flag that no request changes. */
    static FlagHandle fixed(boolean enabled) {
        FlagState state = new FlagState(FlagStatus.OVERRIDDEN, enabled, 0, null);
        return () -> state;
    }
}
