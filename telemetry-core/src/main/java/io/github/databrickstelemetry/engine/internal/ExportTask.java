package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.ExportResult.ExportError;
import io.github.databrickstelemetry.export.ExportResult.Outcome;
import io.github.databrickstelemetry.export.TelemetryExporter;
import io.github.databrickstelemetry.runtime.internal.BlockingTask;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The export of one batch, with an exporter of its own. The delivery fills the batch when there is a thread for it. */
final class ExportTask extends BlockingTask {

    private final Delivery delivery;
    private final Supplier<TelemetryExporter> exporters;
    private final Guard guard;

    // Set when the batch is filled.
    List<TelemetryMetric> metrics = List.of();
    long startNanos;
    boolean beganWhileClosing;

    private volatile boolean aborted;
    private volatile @Nullable TelemetryExporter exporter;
    private volatile @Nullable ExportResult result;

    /** @param exporters called on the export's thread, because making an exporter may block */
    ExportTask(
            Delivery delivery, Supplier<TelemetryExporter> exporters, boolean troubled, long limitNanos, Guard guard) {
        super(troubled, limitNanos);
        this.delivery = delivery;
        this.exporters = exporters;
        this.guard = guard;
    }

    @Override
    public boolean begin() {
        return delivery.begin(this);
    }

    /** The result accounts for every metric, whatever the exporter does. */
    @Override
    public void run() {
        try (TelemetryExporter made = exporters.get()) {
            exporter = made;
            if (!aborted) {
                ExportResult returned = made.export(Collections.unmodifiableList(metrics));
                result = returned != null && returned.accountsFor(metrics) ? returned : keptAll("WrongResult");
            }
        } catch (Throwable failure) {
            guard.swallowed("export", failure);
            // A failure to close the exporter does not change the result.
            result = result == null ? keptAll(failure.getClass().getName()) : result;
        }
    }

    /** This method and {@link #run()} write first and read then, so that one of them closes the exporter. */
    @Override
    public void abort() {
        aborted = true;
        TelemetryExporter current = exporter;
        if (current != null) {
            current.close();
        }
    }

    @Override
    public void finish() {
        ExportResult returned = result;
        delivery.ended(this, returned == null ? keptAll("Aborted") : returned);
    }

    /** The result, or null while there is none. */
    @Nullable
    ExportResult result() {
        return result;
    }

    private ExportResult keptAll(String why) {
        return ExportResult.keptAll(Outcome.FAILURE, metrics, new ExportError(why, 0));
    }
}
