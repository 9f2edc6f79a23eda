package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.TelemetryExporter;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A client's exporter, made on an export thread when the first batch is sent: making one may block, and acquiring a
 * client must not. Thread-safe, for the sake of closing while an export hangs.
 */
final class LazyExporter implements TelemetryExporter {

    private final Supplier<TelemetryExporter> factory;
    private final Object lock = new Object();
    private @Nullable TelemetryExporter exporter;
    private boolean closed;

    LazyExporter(Supplier<TelemetryExporter> factory) {
        this.factory = factory;
    }

    @Override
    public ExportResult export(List<TelemetryMetric> batch) {
        return exporter().export(batch);
    }

    private TelemetryExporter exporter() {
        synchronized (lock) {
            if (closed) {
                throw new IllegalStateException("closed");
            }
            if (exporter == null) {
                exporter = factory.get();
            }
            return exporter;
        }
    }

    @Override
    public void close() {
        TelemetryExporter made;
        synchronized (lock) {
            closed = true;
            made = exporter;
            exporter = null;
        }
        if (made != null) {
            made.close();
        }
    }
}
