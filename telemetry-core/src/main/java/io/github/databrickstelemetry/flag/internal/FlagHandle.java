package io.github.databrickstelemetry.flag.internal;

import io.github.databrickstelemetry.config.ClientSettings.FeatureFlagSettings;
import io.github.databrickstelemetry.flag.FlagState;
import io.github.databrickstelemetry.flag.FlagStatus;
import io.github.databrickstelemetry.workspace.internal.BlockedReason;
import org.jspecify.annotations.Nullable;

/**
 * One client's reference to its host's feature flag: the host is requested as long as a handle to it is open. No method
 * blocks. Thread-safe.
 */
public interface FlagHandle {

    /** The state of the flag at present. */
    FlagState state();

    /**
     * The reason why the last flag request was not sent with this client's credentials.
     *
     * @return null if it was sent, or if none was tried with them
     */
    @Nullable
    BlockedReason blockedReason();

    /** Whether a request for this flag is in flight. */
    boolean isRequestInFlight();

    /** Gives the reference back. Idempotent. */
    void close();

    /** A handle to a flag that is always on, for an engine without a cache. */
    static FlagHandle on() {
        return new Fixed(new FlagState(FlagStatus.OVERRIDDEN, true, 0, null));
    }

    /** A handle for a host that gets no flag request: unknown, unless the settings give the value. */
    static FlagHandle withoutRequests(FeatureFlagSettings settings) {
        if (settings.override() == null && settings.enabled()) {
            return new Fixed(FlagState.UNKNOWN);
        }
        boolean value = settings.override() == null || settings.override();
        return new Fixed(new FlagState(FlagStatus.OVERRIDDEN, value, 0, null));
    }

    /** A flag that no request changes. */
    record Fixed(FlagState state) implements FlagHandle {

        @Override
        public @Nullable BlockedReason blockedReason() {
            return null;
        }

        @Override
        public boolean isRequestInFlight() {
            return false;
        }

        @Override
        public void close() {}
    }
}
