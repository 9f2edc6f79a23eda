package io.github.databrickstelemetry;

import io.github.databrickstelemetry.config.EngineSettings;
import io.github.databrickstelemetry.engine.internal.TelemetryEngine;
import io.github.databrickstelemetry.export.internal.TelemetryExporterFactory;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import io.github.databrickstelemetry.runtime.internal.TelemetryThreads;
import java.util.function.BooleanSupplier;
import org.slf4j.LoggerFactory;

/** Engines with default settings, whose flags are all on. */
public final class AnyEngine {

    private AnyEngine() {}

    /** An engine that exports with these exporters. */
    public static TelemetryEngine with(TelemetryExporterFactory exporters) {
        return with(exporters, () -> false);
    }

    /** An engine whose exports can be paused. */
    public static TelemetryEngine with(TelemetryExporterFactory exporters, BooleanSupplier exportPaused) {
        return new TelemetryEngine(
                EngineSettings.DEFAULTS,
                TelemetryClock.SYSTEM,
                exporters,
                null,
                () -> false,
                exportPaused,
                new TelemetryThreads("worker"),
                new Guard(LoggerFactory.getLogger(AnyEngine.class)));
    }
}
