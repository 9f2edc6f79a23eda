package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.ExportResult.ExportError;
import io.github.databrickstelemetry.export.ExportResult.Outcome;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The export of one batch of a {@link Delivery}. */
final class BatchTask extends ExportTask {

    private final Delivery delivery;
    private final ExporterSlot exporter;
    private final List<TelemetryMetric> batch;
    private final Guard guard;
    private volatile @Nullable ExportResult result;

    /** @param batch may be filled until the task runs */
    BatchTask(Delivery delivery, ExporterSlot exporter, List<TelemetryMetric> batch, long limitNanos, Guard guard) {
        super(limitNanos, guard);
        this.delivery = delivery;
        this.exporter = exporter;
        this.batch = batch;
        this.guard = guard;
    }

    @Override
    void work() {
        try {
            result = checked(exporter.get().export(Collections.unmodifiableList(batch)));
        } catch (Throwable failure) {
            guard.swallowed("export", failure);
            result = keptAll(failure.getClass().getName());
        }
    }

    @Override
    void release() {
        exporter.discard();
    }

    @Override
    void finish(long nowNanos) {
        delivery.finish(this, nowNanos);
    }

    /** An application's exporter may return anything. A result that does not account for every metric is a failure. */
    private ExportResult checked(@Nullable ExportResult returned) {
        if (returned == null) {
            return keptAll("NoResult");
        }
        boolean positive = returned.delivered() >= 0
                && returned.rejected() >= 0
                && returned.malformed() >= 0
                && returned.tooLarge() >= 0;
        long sum = (long) returned.delivered()
                + returned.rejected()
                + returned.malformed()
                + returned.tooLarge()
                + returned.kept().size();
        return positive && sum == batch.size() && isOfBatch(returned.kept()) ? returned : keptAll("WrongResult");
    }

    private boolean isOfBatch(List<TelemetryMetric> kept) {
        if (kept.isEmpty()) {
            return true;
        }
        Set<TelemetryMetric> ours = Collections.newSetFromMap(new IdentityHashMap<>());
        ours.addAll(batch);
        for (TelemetryMetric metric : kept) {
            if (!ours.remove(metric)) {
                return false;
            }
        }
        return true;
    }

    private ExportResult keptAll(String why) {
        return ExportResult.keptAll(Outcome.FAILURE, List.copyOf(batch), new ExportError(why, 0));
    }

    /** Whether the exporter has returned. */
    boolean hasResult() {
        return result != null;
    }

    /** The result; everything is kept where the exporter has not returned. */
    ExportResult result() {
        ExportResult returned = result;
        return returned == null ? keptAll("Aborted") : returned;
    }

    List<TelemetryMetric> batch() {
        return batch;
    }
}
