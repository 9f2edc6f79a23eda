package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.flag.FlagState;
import io.github.databrickstelemetry.flag.FlagStatus;
import io.github.databrickstelemetry.flag.internal.FeatureFlagCache;
import io.github.databrickstelemetry.flag.internal.FlagHandle;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.internal.BlockedReason;
import org.jspecify.annotations.Nullable;

/** The two kinds of {@link FlagGate}. */
final class FlagGates {

    private FlagGates() {}

    /** The flag as the server says it. */
    static FlagGate asked(FeatureFlagCache cache, TelemetryTarget target, Runnable onResponse) {
        return new FlagGate() {
            private volatile FlagHandle handle =
                    FlagHandle.withoutRequests(target.settings().featureFlag());

            @Override
            public void open() {
                handle = cache.acquire(target, onResponse);
            }

            @Override
            public FlagState state() {
                return handle.state();
            }

            @Override
            public @Nullable BlockedReason obstacle() {
                return handle.blockedReason();
            }

            @Override
            public boolean isAsking() {
                return handle.isRequestInFlight();
            }

            @Override
            public void close() {
                handle.close();
            }
        };
    }

    /** Always on, for an engine without a cache. */
    static FlagGate on() {
        FlagState on = new FlagState(FlagStatus.OVERRIDDEN, true, 0, null);
        return new FlagGate() {
            @Override
            public void open() {}

            @Override
            public FlagState state() {
                return on;
            }

            @Override
            public @Nullable BlockedReason obstacle() {
                return null;
            }

            @Override
            public boolean isAsking() {
                return false;
            }

            @Override
            public void close() {}
        };
    }
}
