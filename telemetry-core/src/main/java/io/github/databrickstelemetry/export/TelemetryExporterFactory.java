package io.github.databrickstelemetry.export;

import io.github.databrickstelemetry.breaker.CircuitBreaker;
import io.github.databrickstelemetry.http.TelemetryTarget;

/** Makes the exporter of a client. Thread-safe. */
@FunctionalInterface
public interface TelemetryExporterFactory {

    /** A new exporter for this target, guarded by the host's breaker. */
    TelemetryExporter create(TelemetryTarget target, CircuitBreaker breaker);
}
