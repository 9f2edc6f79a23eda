package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.aggregate.DropReason;
import io.github.databrickstelemetry.client.EventCounts;
import io.github.databrickstelemetry.client.LastExport;
import io.github.databrickstelemetry.client.MetricCounts;
import io.github.databrickstelemetry.client.StatementCounts;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.event.EventType;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.ExportResult.ExportError;
import io.github.databrickstelemetry.export.ExportResult.Outcome;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What became of one client's events and metrics. Written and read by the worker only. */
final class DeliveryCounters {

    private long metrics;
    private long delivered;
    private long rejected;
    private final Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
    private long lastSuccessMillis;
    private @Nullable ExportError lastError;
    private long lastErrorMillis;

    /** What others count. */
    record Counts(
            long aggregated,
            long orphans,
            long closedEvents,
            long pending,
            long inFlight,
            long statements,
            long evicted) {}

    void made() {
        metrics++;
    }

    void dropped(DropReason reason, long count) {
        if (count > 0) {
            dropped.merge(reason, count, Long::sum);
        }
    }

    /** Books everything but the kept metrics. */
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

    /**
     * The snapshot, at this point in the worker's time. The order matters: what came out of the queue is known, then
     * refusals are read, then emissions, which are counted before the event is offered. So no sum is ever short.
     */
    TelemetryStatistics statistics(ClientParts parts, Counts counts, boolean noCredentials) {
        Map<DropReason, Long> droppedEvents = new EnumMap<>(DropReason.class);
        putPositive(droppedEvents, DropReason.ORPHAN, counts.orphans);
        putPositive(droppedEvents, DropReason.CLOSED, counts.closedEvents);
        long refused = parts.counter().refused();
        putPositive(droppedEvents, DropReason.QUEUE_FULL, refused);
        Map<EventType, Long> byType = new EnumMap<>(EventType.class);
        long emitted = 0;
        for (EventType type : EventType.values()) {
            long count = parts.counter().emitted(type);
            emitted += count;
            putPositive(byType, type, count);
        }
        long taken = counts.aggregated + counts.orphans + counts.closedEvents;
        return new TelemetryStatistics(
                parts.host(),
                parts.target().credentials().identity(),
                parts.intake().status(noCredentials),
                new EventCounts(byType, emitted - refused - taken, counts.aggregated, droppedEvents),
                new MetricCounts(metrics, delivered, rejected, dropped, counts.pending, counts.inFlight),
                new StatementCounts(counts.statements, counts.evicted),
                new LastExport(lastSuccessMillis, lastError, lastErrorMillis),
                parts.breaker().state(),
                parts.flag().state());
    }

    private static <K> void putPositive(Map<K, Long> map, K key, long count) {
        if (count > 0) {
            map.put(key, count);
        }
    }
}
