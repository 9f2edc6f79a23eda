package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.event.TelemetryEventEmitter;

/**
 * One holder's reference to a client that others may hold as well. It can be given back once, so that a holder who
 * does so twice takes nothing from another. Thread-safe.
 */
final class ClientReference implements TelemetryClient {

    private final EngineClient client;
    private boolean givenBack;

    ClientReference(EngineClient client) {
        this.client = client;
    }

    EngineClient client() {
        return client;
    }

    /** False if it was given back before. */
    synchronized boolean giveBack() {
        boolean first = !givenBack;
        givenBack = true;
        return first;
    }

    @Override
    public String host() {
        return client.host();
    }

    @Override
    public TelemetryEventEmitter emitter() {
        return client.emitter();
    }

    @Override
    public TelemetryStatistics statistics() {
        return client.statistics();
    }

    @Override
    public void flush() {
        client.flush();
    }

    @Override
    public void pause() {
        client.pause();
    }

    @Override
    public void resume() {
        client.resume();
    }

    @Override
    public String toString() {
        return client.toString();
    }
}
