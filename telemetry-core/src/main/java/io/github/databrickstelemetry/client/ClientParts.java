package io.github.databrickstelemetry.client;

import io.github.databrickstelemetry.breaker.CircuitBreaker;
import io.github.databrickstelemetry.event.EmissionCounter;
import io.github.databrickstelemetry.export.TelemetryExporter;
import io.github.databrickstelemetry.http.TelemetryTarget;
import io.github.databrickstelemetry.runtime.Guard;
import io.github.databrickstelemetry.runtime.IdSource;

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
