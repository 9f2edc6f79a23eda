package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.event.EventOwner;
import io.github.databrickstelemetry.event.TelemetryEventEmitter;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import java.util.Map;

/** One client as other threads see it: what they ask for becomes a message to the worker. Thread-safe. */
final class EngineClient {

    private final TelemetryWorker worker;
    private final TelemetryTarget target;
    private final EventGate gate;
    private final ClientPipeline pipeline;
    private final TelemetryEventEmitter emitter;
    private final TelemetryClient view;
    private volatile TelemetryStatistics published;

    EngineClient(
            TelemetryWorker worker,
            TelemetryTarget target,
            EventGate gate,
            ClientPipeline pipeline,
            TelemetryEventEmitter emitter,
            Guard guard) {
        this.worker = worker;
        this.target = target;
        this.gate = gate;
        this.pipeline = pipeline;
        this.emitter = emitter;
        this.view = ClientReference.view(this, guard);
        // The worker does not know the pipeline yet, so this thread may read it.
        this.published = pipeline.statistics(true, Map.of());
    }

    TelemetryTarget target() {
        return target;
    }

    String host() {
        return target.host().key();
    }

    TelemetryEventEmitter emitter() {
        return emitter;
    }

    ClientPipeline pipeline() {
        return pipeline;
    }

    /** The client as listeners and readers see it: releasing it does nothing. */
    TelemetryClient view() {
        return view;
    }

    TelemetryStatistics statistics() {
        worker.runAndWait(() -> publish(worker.queue().waiting()));
        return published;
    }

    /** The statistics that were published last. */
    TelemetryStatistics published() {
        return published;
    }

    /**
     * On the worker, or instead of it if there is none.
     *
     * @param waiting the events in the queue
     */
    void publish(Map<EventOwner, long[]> waiting) {
        published = pipeline.statistics(!gate.isClosed(), waiting);
    }

    void flush() {
        worker.post(pipeline::flush);
    }

    void pause(boolean pause) {
        worker.post(() -> pipeline.pause(pause));
    }

    /** Takes no more events from now on. */
    void closeGate() {
        gate.close();
    }
}
