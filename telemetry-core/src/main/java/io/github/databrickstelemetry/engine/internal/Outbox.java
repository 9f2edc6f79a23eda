package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.aggregate.DropReason;
import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.aggregate.internal.PendingBuffer;
import io.github.databrickstelemetry.client.TelemetryStatistics.LastExport;
import io.github.databrickstelemetry.client.TelemetryStatistics.MetricCounts;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.ExportResult.ExportError;
import io.github.databrickstelemetry.export.ExportResult.Outcome;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where each metric of one delivery is: it waits, it is in the batch that is being sent, or it was delivered, rejected or
 * dropped, and is counted as that. A lack of memory loses no metric: a change is made as a whole, or throws and moves
 * no metric. Belongs to the worker.
 */
@SuppressWarnings("EnumOrdinal") // An index that never leaves this class; a map of Long allocates.
final class Outbox {

    private static final DropReason[] REASONS = DropReason.values();

    private final PendingBuffer pending;
    private final CulpritSearch search;
    private final int maxRequestSize;
    private final long[] dropped = new long[REASONS.length];
    private List<TelemetryMetric> inFlight = List.of();
    private long made;
    private long delivered;
    private long rejected;
    private long lastSuccessMillis;
    private @Nullable ExportError lastError;
    private long lastErrorMillis;

    Outbox(PendingBuffer pending, int batchSize, int maxRequestSize) {
        this.pending = pending;
        this.search = new CulpritSearch(batchSize);
        this.maxRequestSize = maxRequestSize;
    }

    /** Takes in a metric, which waits from now on. If there is no memory for it, it is dropped. */
    void add(TelemetryMetric metric) {
        made++;
        int overflow;
        try {
            overflow = pending.add(metric);
        } catch (Throwable outOfMemory) {
            dropped(DropReason.FAILED, 1);
            throw outOfMemory;
        }
        dropped(DropReason.OVERFLOW, overflow);
    }

    /** Takes in a metric that is dropped at once. */
    void drop(DropReason reason) {
        made++;
        dropped(reason, 1);
    }

    private void dropped(DropReason reason, long count) {
        dropped[reason.ordinal()] += count;
    }

    /** Takes the oldest metrics out, as the batch that is being sent. */
    List<TelemetryMetric> nextBatch() {
        int count = Math.min(search.limit(), pending.size());
        List<TelemetryMetric> batch = new ArrayList<>(count);
        // Nothing from here on allocates for a metric, so that none is in two places or in no place.
        pending.nextBatch(count, maxRequestSize, search::isSuspect, batch);
        inFlight = batch;
        return batch;
    }

    /**
     * The batch has been sent, as far as the result says. What it kept waits again, in its old place.
     *
     * @param reason why what it kept is dropped instead, or null
     * @return whether a metric of it waits again
     */
    boolean sent(ExportResult result, @Nullable DropReason reason, long epochMillis) {
        List<TelemetryMetric> kept = result.kept();
        CulpritSearch.Action action = search.exported(result, delivered + result.delivered());
        DropReason drop = action == CulpritSearch.Action.DROP ? DropReason.REFUSED : reason;
        // Allocates memory, so it comes before anything is counted.
        int overflow = drop == null ? waitAgain(kept, action) : 0;
        dropped(DropReason.OVERFLOW, overflow);
        if (drop != null) {
            dropped(drop, kept.size());
        }
        inFlight = List.of();
        delivered += result.delivered();
        rejected += result.rejected();
        dropped(DropReason.MALFORMED, result.malformed());
        dropped(DropReason.TOO_LARGE, result.tooLarge());
        if (result.delivered() + result.rejected() > 0) {
            lastSuccessMillis = epochMillis;
        }
        ExportError error = result.error();
        if (error != null && result.outcome() != Outcome.NOT_PERMITTED) {
            lastError = error;
            lastErrorMillis = epochMillis;
        }
        return drop == null && !kept.isEmpty();
    }

    private int waitAgain(List<TelemetryMetric> kept, CulpritSearch.Action action) {
        return action == CulpritSearch.Action.PUT_LAST ? pending.add(kept.get(0)) : pending.putBack(kept);
    }

    /** Drops what waits. */
    void dropPending(DropReason reason) {
        dropped(reason, pending.clear());
    }

    /** Drops the batch that is being sent. */
    void dropInFlight(DropReason reason) {
        dropped(reason, inFlight.size());
        inFlight = List.of();
    }

    long delivered() {
        return delivered;
    }

    MetricCounts counts() {
        Map<DropReason, Long> byReason = new EnumMap<>(DropReason.class);
        for (DropReason reason : REASONS) {
            long count = dropped[reason.ordinal()];
            if (count > 0) {
                byReason.put(reason, count);
            }
        }
        return new MetricCounts(made, delivered, rejected, byReason, pending.size(), inFlight.size());
    }

    LastExport lastExport() {
        return new LastExport(lastSuccessMillis, lastError, lastErrorMillis);
    }
}
