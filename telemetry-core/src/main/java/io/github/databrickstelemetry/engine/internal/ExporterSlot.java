package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.export.TelemetryExporter;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A client's exporter. It is made with the first batch, on an export thread, because making one may block. After an abort
 * the next batch gets a new one. Thread-safe.
 */
final class ExporterSlot {

    private final Supplier<TelemetryExporter> factory;
    private @Nullable TelemetryExporter exporter;
    private boolean closed;

    ExporterSlot(Supplier<TelemetryExporter> factory) {
        this.factory = factory;
    }

    /** @throws IllegalStateException after {@link #close()} */
    synchronized TelemetryExporter get() {
        if (closed) {
            throw new IllegalStateException("closed");
        }
        TelemetryExporter current = exporter;
        if (current == null) {
            current = factory.get();
            exporter = current;
        }
        return current;
    }

    /** Closes the exporter, which ends its request. May block. */
    void discard() {
        TelemetryExporter current = take(false);
        if (current != null) {
            current.close();
        }
    }

    /** Closes the exporter for good. May block. */
    void close() {
        TelemetryExporter current = take(true);
        if (current != null) {
            current.close();
        }
    }

    private synchronized @Nullable TelemetryExporter take(boolean close) {
        closed |= close;
        TelemetryExporter current = exporter;
        exporter = null;
        return current;
    }
}
