package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.TelemetryExporter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** An exporter at the engine's boundary that remembers what it was given. Thread-safe. */
final class RecordingExporter implements TelemetryExporter {

    private final List<TelemetryMetric> delivered = new ArrayList<>();
    private final List<List<TelemetryMetric>> batches = new ArrayList<>();
    private volatile Function<List<TelemetryMetric>, ExportResult> answer =
            batch -> ExportResult.deliveredAll(batch.size());
    private volatile boolean closed;
    private volatile boolean failsToClose;

    @Override
    public ExportResult export(List<TelemetryMetric> batch) {
        synchronized (this) {
            batches.add(List.copyOf(batch));
        }
        ExportResult result = answer.apply(batch);
        synchronized (this) {
            if (result.delivered() == batch.size()) {
                delivered.addAll(batch);
            }
        }
        return result;
    }

    void answer(Function<List<TelemetryMetric>, ExportResult> next) {
        answer = next;
    }

    synchronized List<TelemetryMetric> delivered() {
        return List.copyOf(delivered);
    }

    synchronized List<List<TelemetryMetric>> batches() {
        return List.copyOf(batches);
    }

    boolean isClosed() {
        return closed;
    }

    void failToClose() {
        failsToClose = true;
    }

    @Override
    public void close() {
        closed = true;
        if (failsToClose) {
            throw new IllegalStateException("of the test");
        }
    }
}
