package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.TelemetryExporter;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Hangs in its request until it is closed. */
final class HangingExporter implements TelemetryExporter {

    private final CountDownLatch closed;

    HangingExporter(CountDownLatch closed) {
        this.closed = closed;
    }

    @Override
    public ExportResult export(List<TelemetryMetric> batch) {
        try {
            closed.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        throw new IllegalStateException("closed");
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
