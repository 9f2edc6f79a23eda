package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.event.EventOwner;
import io.github.databrickstelemetry.event.TelemetryEventEmitter;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import java.util.Map;

/**
 * One client as listeners and readers see it: each of their calls becomes a message to the worker. Its users hold a
 * {@link ClientReference} each. Thread-safe.
 */
final class EngineClient implements TelemetryClient {

    private final TelemetryWorker worker;
    private final TelemetryTarget target;
    private final ClientPipeline pipeline;
    private final TelemetryEventEmitter emitter;
    private volatile TelemetryStatistics published;

    EngineClient(
            TelemetryWorker worker, TelemetryTarget target, ClientPipeline pipeline, TelemetryEventEmitter emitter) {
        this.worker = worker;
        this.target = target;
        this.pipeline = pipeline;
        this.emitter = emitter;
        // The worker does not know the pipeline yet, so this thread may read it.
        this.published = pipeline.statistics(Map.of());
    }

    TelemetryTarget target() {
        return target;
    }

    ClientPipeline pipeline() {
        return pipeline;
    }

    @Override
    public String host() {
        return target.host().key();
    }

    @Override
    public TelemetryEventEmitter emitter() {
        return emitter;
    }

    @Override
    public TelemetryStatistics statistics() {
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
        published = pipeline.statistics(waiting);
    }

    @Override
    public void flush() {
        worker.post(pipeline::flush);
    }

    @Override
    public void pause() {
        worker.post(() -> pipeline.pause(true));
    }

    @Override
    public void resume() {
        worker.post(() -> pipeline.pause(false));
    }

    /** Takes no more events from now on. */
    void closeGate() {
        pipeline.closeGate();
    }

    @Override
    public String toString() {
        return "TelemetryClient[" + host() + "]";
    }
}
