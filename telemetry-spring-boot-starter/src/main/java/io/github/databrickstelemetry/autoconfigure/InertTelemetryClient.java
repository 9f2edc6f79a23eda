package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.event.TelemetryEventEmitter;

/** A client that takes nothing: what an application holds while telemetry is off. Thread-safe. */
final class InertTelemetryClient implements TelemetryClient {

    private final String host;

    InertTelemetryClient(String host) {
        this.host = host;
    }

    @Override
    public String host() {
        return host;
    }

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
