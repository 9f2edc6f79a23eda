package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.ExportResult.ExportError;
import io.github.databrickstelemetry.export.ExportResult.Outcome;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One batch on its way through an exporter. */
final class ExportRun extends LaneRun {

    private final ClientPipeline pipeline;
    private final List<TelemetryMetric> batch;
    private final Guard guard;
    private volatile @Nullable ExportResult result;

    ExportRun(
            ClientPipeline pipeline,
            List<TelemetryMetric> batch,
            long startNanos,
            Consumer<LaneRun> done,
            Guard guard) {
        super(startNanos, pipeline.troubled() ? Lane.SLOW : Lane.FAST, done, guard);
        this.pipeline = pipeline;
        this.batch = batch;
        this.guard = guard;
    }

    @Override
    void work() {
        try {
            result = checked(pipeline.exporter().export(Collections.unmodifiableList(batch)));
        } catch (Throwable failure) {
            guard.swallowed("export", failure);
            result = keptAll(failure.getClass().getName());
        }
    }

    @Override
    void ended(long nowNanos) {
        pipeline.ended(this, nowNanos);
    }

    /** An exporter may be an application's own. One that does not account for every metric counts as failed. */
    private ExportResult checked(@Nullable ExportResult told) {
        if (told == null) {
            return keptAll("NoResult");
        }
        boolean positive =
                told.delivered() >= 0 && told.rejected() >= 0 && told.malformed() >= 0 && told.tooLarge() >= 0;
        long sum = (long) told.delivered()
                + told.rejected()
                + told.malformed()
                + told.tooLarge()
                + told.kept().size();
        return positive && sum == batch.size() && isOfBatch(told.kept()) ? told : keptAll("WrongResult");
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
        return ExportResult.keptAll(Outcome.FAILURE, new ArrayList<>(batch), new ExportError(why, 0));
    }

    /** Whether the exporter has returned, though the worker may not have heard of it. */
    boolean hasResult() {
        return result != null;
    }

    /** What became of the batch. To be asked when done. */
    ExportResult result() {
        ExportResult told = result;
        return told == null ? keptAll("Interrupted") : told;
    }

    /** Whether it failed or took long; one that was not permitted says nothing new of its host. */
    boolean wasTroubled(long nowNanos) {
        Outcome outcome = result().outcome();
        return outcome == Outcome.FAILURE
                || (outcome == Outcome.NOT_PERMITTED && lane() == Lane.SLOW)
                || age(nowNanos) >= ExportLanes.LONG_NANOS;
    }

    int size() {
        return batch.size();
    }
}
