package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.ExportResult.ExportError;
import io.github.databrickstelemetry.export.ExportResult.Outcome;
import io.github.databrickstelemetry.export.TelemetryExporter;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A client's exporter. It is made with the first batch, on an export thread, because making one may block. After an abort
 * the next batch gets a new one. What it throws or returns is checked here. Thread-safe.
 */
final class ExporterSlot {

    private final Supplier<TelemetryExporter> factory;
    private final Guard guard;
    private @Nullable TelemetryExporter exporter;
    private boolean closed;

    ExporterSlot(Supplier<TelemetryExporter> factory, Guard guard) {
        this.factory = factory;
        this.guard = guard;
    }

    /** May block. The result accounts for every metric, whatever the exporter does. */
    ExportResult export(List<TelemetryMetric> batch) {
        try {
            ExportResult result = exporter().export(Collections.unmodifiableList(batch));
            return result != null && accountsFor(batch, result) ? result : keptAll(batch, "WrongResult");
        } catch (Throwable failure) {
            guard.swallowed("export", failure);
            return keptAll(batch, failure.getClass().getName());
        }
    }

    private synchronized TelemetryExporter exporter() {
        if (closed) {
            throw new IllegalStateException("closed");
        }
        if (exporter == null) {
            exporter = factory.get();
        }
        return exporter;
    }

    private static boolean accountsFor(List<TelemetryMetric> batch, ExportResult result) {
        boolean positive =
                result.delivered() >= 0 && result.rejected() >= 0 && result.malformed() >= 0 && result.tooLarge() >= 0;
        long sum = (long) result.delivered()
                + result.rejected()
                + result.malformed()
                + result.tooLarge()
                + result.kept().size();
        // Without memory for the set, what was delivered would be sent again.
        return positive && sum == batch.size() && (result.kept().isEmpty() || areOf(batch, result.kept()));
    }

    private static boolean areOf(List<TelemetryMetric> batch, List<TelemetryMetric> kept) {
        Set<TelemetryMetric> ours = Collections.newSetFromMap(new IdentityHashMap<>());
        ours.addAll(batch);
        return kept.stream().allMatch(ours::remove);
    }

    static ExportResult keptAll(List<TelemetryMetric> batch, String why) {
        return ExportResult.keptAll(Outcome.FAILURE, batch, new ExportError(why, 0));
    }

    /**
     * Closes the exporter, which ends its request. May block.
     *
     * @param forGood whether the next batch gets no other one
     */
    void close(boolean forGood) {
        TelemetryExporter current;
        synchronized (this) {
            closed |= forGood;
            current = exporter;
            exporter = null;
        }
        if (current != null) {
            current.close();
        }
    }
}
