package io.github.databrickstelemetry.flag.internal;

import io.github.databrickstelemetry.benchmarks.fleet.FleetServer;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import io.github.databrickstelemetry.workspace.internal.HostValidator;
import io.github.databrickstelemetry.workspace.internal.WorkspaceHttp;
import java.util.random.RandomGenerator;

/** Makes flag caches whose requests a simulated workspace answers. In this package for its constructors. */
public final class FleetFlags {

    private FleetFlags() {}

    /** An empty cache. */
    public static FeatureFlagCache cache(
            FleetServer server, TelemetryClock clock, RandomGenerator random, Guard guard) {
        FlagRequest request =
                new FlagRequest(null, clock, (channel, path, authorization) -> server.flag(clock.nanoTime()));
        return new FeatureFlagCache(request, new WorkspaceHttp(new HostValidator()), clock, random, guard);
    }
}
