package io.github.databrickstelemetry.export.internal;

import io.github.databrickstelemetry.breaker.internal.CircuitBreaker;
import io.github.databrickstelemetry.export.TelemetryExporter;
import io.github.databrickstelemetry.workspace.TelemetryTarget;

/** Makes the exporters of clients, one for each batch, whose close never blocks. Thread-safe. */
@FunctionalInterface
public interface TelemetryExporterFactory {

    /** A new exporter for this target, guarded by the host's breaker. */
    TelemetryExporter create(TelemetryTarget target, CircuitBreaker breaker);
}
