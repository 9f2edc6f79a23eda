package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.breaker.internal.CircuitBreaker;
import io.github.databrickstelemetry.event.EmissionCounter;
import io.github.databrickstelemetry.export.TelemetryExporter;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.runtime.internal.IdSource;
import io.github.databrickstelemetry.workspace.TelemetryTarget;

/** What one client is put together from; the same for its whole life. */
record ClientParts(
        TelemetryTarget target,
        Intake intake,
        EmissionCounter counter,
        FlagGate flag,
        CircuitBreaker breaker,
        TelemetryExporter exporter,
        IdSource ids,
        Listeners listeners,
        Guard guard) {

    /** {@code host:port}. */
    String host() {
        return target.host().key();
    }
}
