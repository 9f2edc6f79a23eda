package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.aggregate.DropReason;
import io.github.databrickstelemetry.client.TelemetryStatistics.LastExport;
import io.github.databrickstelemetry.client.TelemetryStatistics.MetricCounts;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.ExportResult.ExportError;
import io.github.databrickstelemetry.export.ExportResult.Outcome;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts the metrics of one delivery. No method that counts allocates memory. Belongs to the worker. */
@SuppressWarnings("EnumOrdinal") // An index that never leaves this class; a map of Long allocates.
final class DeliveryCounters {

    private static final DropReason[] REASONS = DropReason.values();

    private final long[] dropped = new long[REASONS.length];
    private long made;
    private long delivered;
    private long rejected;
    private long lastSuccessMillis;
    private @Nullable ExportError lastError;
    private long lastErrorMillis;

    void made() {
        made++;
    }

    void dropped(DropReason reason, long count) {
        dropped[reason.ordinal()] += count;
    }

    /** Counts everything but the kept metrics. */
    void exported(ExportResult result, long epochMillis) {
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
    }

    long delivered() {
        return delivered;
    }

    MetricCounts counts(long pending, long inFlight) {
        Map<DropReason, Long> byReason = new EnumMap<>(DropReason.class);
        for (DropReason reason : REASONS) {
            long count = dropped[reason.ordinal()];
            if (count > 0) {
                byReason.put(reason, count);
            }
        }
        return new MetricCounts(made, delivered, rejected, byReason, pending, inFlight);
    }

    LastExport lastExport() {
        return new LastExport(lastSuccessMillis, lastError, lastErrorMillis);
    }
}
