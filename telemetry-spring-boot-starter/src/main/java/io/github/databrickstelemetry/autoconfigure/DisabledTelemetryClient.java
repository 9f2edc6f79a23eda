package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.event.TelemetryEventEmitter;

/**
 * A client that does nothing, which an application injects while telemetry is off. Immutable.
 *
 * @param host the name of the entry under {@code databricks.telemetry.hosts}
 */
record DisabledTelemetryClient(String host) implements TelemetryClient {

    @Override
    public TelemetryEventEmitter emitter() {
        return TelemetryEventEmitter.disabled();
    }

    @Override
    public TelemetryStatistics statistics() {
        return TelemetryStatistics.disabled(host);
    }

    @Override
    public void flush() {}

    @Override
    public void pause() {}

    @Override
    public void resume() {}
}
