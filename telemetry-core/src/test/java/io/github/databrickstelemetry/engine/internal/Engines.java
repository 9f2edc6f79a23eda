package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.config.EngineSettings;
import io.github.databrickstelemetry.export.internal.TelemetryExporterFactory;
import io.github.databrickstelemetry.flag.internal.FeatureFlagCache;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import io.github.databrickstelemetry.runtime.internal.TelemetryThreads;
import java.util.concurrent.ThreadFactory;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Engines for tests, with defaults for what a test does not care about. */
final class Engines {

    final Guard guard = new Guard(LoggerFactory.getLogger(TelemetryEngine.class));
    EngineSettings settings = EngineSettings.DEFAULTS;
    TelemetryClock clock = TelemetryClock.SYSTEM;

    @Nullable
    Supplier<FeatureFlagCache> flags;

    BooleanSupplier killSwitch = () -> false;
    BooleanSupplier exportPaused = () -> false;
    ThreadFactory workerThreads = new TelemetryThreads("worker", guard);

    Engines settings(EngineSettings chosen) {
        settings = chosen;
        return this;
    }

    Engines clock(TelemetryClock chosen) {
        clock = chosen;
        return this;
    }

    Engines flags(Supplier<FeatureFlagCache> cache) {
        flags = cache;
        return this;
    }

    Engines killSwitch(BooleanSupplier off) {
        killSwitch = off;
        return this;
    }

    Engines workerThreads(ThreadFactory factory) {
        workerThreads = factory;
        return this;
    }

    TelemetryEngine with(TelemetryExporterFactory exporters) {
        return new TelemetryEngine(settings, clock, exporters, flags, killSwitch, exportPaused, workerThreads, guard);
    }
}
