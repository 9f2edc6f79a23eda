package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.event.TelemetryEventEmitter;

/** The face of one {@link ClientPipeline} towards other threads. Thread-safe. */
final class EngineClient {

    private final TelemetryWorker worker;
    private final ClientParts parts;
    private final ClientPipeline pipeline;
    private final TelemetryEventEmitter emitter;
    private final TelemetryClient view;
    private volatile TelemetryStatistics last;

    EngineClient(TelemetryWorker worker, ClientParts parts, ClientPipeline pipeline, TelemetryEventEmitter emitter) {
        this.worker = worker;
        this.parts = parts;
        this.pipeline = pipeline;
        this.emitter = emitter;
        this.view = ClientReference.view(this, parts.guard());
        // Nothing has happened yet, so any thread may look.
        this.last = pipeline.statistics();
    }

    ClientPipeline pipeline() {
        return pipeline;
    }

    ClientParts parts() {
        return parts;
    }

    String host() {
        return parts.host();
    }

    TelemetryEventEmitter emitter() {
        return emitter;
    }

    TelemetryStatistics statistics() {
        worker.answers(this::snapshot);
        return last;
    }

    /** The snapshot that was made last. */
    TelemetryStatistics last() {
        return last;
    }

    /** On the worker only, if there is one. */
    TelemetryStatistics snapshot() {
        TelemetryStatistics now = pipeline.statistics();
        last = now;
        return now;
    }

    void flush() {
        worker.post(pipeline::flush);
    }

    void pause() {
        parts.intake().pause(true);
        worker.post(() -> pipeline.pause(true));
    }

    void resume() {
        parts.intake().pause(false);
        worker.post(() -> pipeline.pause(false));
    }

    /** This client as listeners and readers see it: nobody can release it. */
    TelemetryClient view() {
        return view;
    }
}
