package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.event.TelemetryEventEmitter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The face of one {@link ClientPipeline} towards other threads. Thread-safe. */
final class EngineClient implements TelemetryClient {

    /** The worker answers within microseconds, unless the machine is overloaded: then an older answer has to do. */
    private static final long SNAPSHOT_WAIT_MILLIS = 250;

    private final TelemetryWorker worker;
    private final ClientParts parts;
    private final ClientPipeline pipeline;
    private final TelemetryEventEmitter emitter;
    private volatile TelemetryStatistics last;

    EngineClient(TelemetryWorker worker, ClientParts parts, ClientPipeline pipeline, TelemetryEventEmitter emitter) {
        this.worker = worker;
        this.parts = parts;
        this.pipeline = pipeline;
        this.emitter = emitter;
        // Nothing has happened yet, so any thread may look.
        this.last = pipeline.statistics();
    }

    ClientPipeline pipeline() {
        return pipeline;
    }

    ClientParts parts() {
        return parts;
    }

    @Override
    public String host() {
        return parts.host();
    }

    @Override
    public TelemetryEventEmitter emitter() {
        return emitter;
    }

    @Override
    public TelemetryStatistics statistics() {
        if (worker.isWorkerThread()) {
            return snapshot();
        }
        if (!worker.isRunning()) {
            return last;
        }
        CompletableFuture<TelemetryStatistics> answer = new CompletableFuture<>();
        worker.post(() -> answer.complete(snapshot()));
        try {
            return answer.get(SNAPSHOT_WAIT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException late) {
            parts.guard().swallowed("a snapshot", late);
        }
        return last;
    }

    /** On the worker only, if there is one. */
    TelemetryStatistics snapshot() {
        TelemetryStatistics now = pipeline.statistics();
        last = now;
        return now;
    }

    @Override
    public void flush() {
        worker.post(pipeline::flush);
    }

    @Override
    public void pause() {
        parts.intake().pause(true);
        worker.post(() -> pipeline.pause(true));
    }

    @Override
    public void resume() {
        parts.intake().pause(false);
        worker.post(() -> pipeline.pause(false));
    }

    @Override
    public String toString() {
        return "TelemetryClient[" + host() + "]";
    }
}
