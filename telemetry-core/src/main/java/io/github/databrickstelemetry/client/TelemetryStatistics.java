package io.github.databrickstelemetry.client;

import io.github.databrickstelemetry.aggregate.DropReason;
import io.github.databrickstelemetry.breaker.BreakerStatus;
import io.github.databrickstelemetry.breaker.BreakerStatus.BreakerState;
import io.github.databrickstelemetry.event.EventType;
import io.github.databrickstelemetry.export.ExportResult.ExportError;
import io.github.databrickstelemetry.flag.FlagState;
import io.github.databrickstelemetry.flag.FlagState.FlagStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state and the counters of one client, as the engine's worker last published them. Immutable. Always true:
 *
 * <pre>
 * events.emitted = events.queued + events.aggregated + sum(events.dropped)
 * metrics.made = metrics.delivered + metrics.rejected + sum(metrics.dropped) + metrics.pending + metrics.inFlight
 * </pre>
 *
 * @param host {@code host:port}
 * @param principal a name of the principal that reveals nothing of its token
 * @param breaker the host's circuit breaker, its next probe and its last transitions
 * @param flag state of the host's feature flag
 */
public record TelemetryStatistics(
        String host,
        String principal,
        ClientStatus status,
        EventCounts events,
        MetricCounts metrics,
        StatementCounts statements,
        LastExport lastExport,
        BreakerStatus breaker,
        FlagState flag) {

    /** The statistics of a client that takes nothing, because telemetry is off or the engine has closed. */
    public static TelemetryStatistics disabled(String host) {
        return new TelemetryStatistics(
                host,
                "none",
                ClientStatus.CLOSED,
                EventCounts.NONE,
                MetricCounts.NONE,
                StatementCounts.NONE,
                LastExport.NONE,
                new BreakerStatus(BreakerState.CLOSED, 0, List.of()),
                new FlagState(FlagStatus.OVERRIDDEN, false, 0, null));
    }

    /** All drops of events and metrics for one reason. */
    public long dropped(DropReason reason) {
        return events.dropped().getOrDefault(reason, 0L) + metrics.dropped().getOrDefault(reason, 0L);
    }

    /**
     * Counters of events. Immutable.
     *
     * @param byType emitted events by type; types without an event are absent
     * @param queued events that wait for the worker
     * @param aggregated events that became part of a statement or a metric
     * @param dropped dropped events by reason; reasons without a drop are absent
     */
    public record EventCounts(
            Map<EventType, Long> byType, long queued, long aggregated, Map<DropReason, Long> dropped) {

        /** No event yet. */
        public static final EventCounts NONE = new EventCounts(Map.of(), 0, 0, Map.of());

        public EventCounts {
            byType = Map.copyOf(byType);
            dropped = Map.copyOf(dropped);
        }

        /** Emitted events of all types. */
        public long emitted() {
            return sum(byType);
        }

        /** The sum of both. */
        public EventCounts plus(EventCounts other) {
            return new EventCounts(
                    sum(byType, other.byType),
                    queued + other.queued,
                    aggregated + other.aggregated,
                    sum(dropped, other.dropped));
        }
    }

    /**
     * Counters of metrics. Immutable.
     *
     * @param made metrics made from events
     * @param delivered metrics that the service took
     * @param rejected metrics that the service received and rejected
     * @param dropped dropped metrics by reason; reasons without a drop are absent
     * @param pending metrics that wait to be sent
     * @param inFlight metrics in the batch that is being sent
     */
    public record MetricCounts(
            long made, long delivered, long rejected, Map<DropReason, Long> dropped, long pending, long inFlight) {

        /** No metric yet. */
        public static final MetricCounts NONE = new MetricCounts(0, 0, 0, Map.of(), 0, 0);

        public MetricCounts {
            dropped = Map.copyOf(dropped);
        }

        /** The sum of both. */
        public MetricCounts plus(MetricCounts other) {
            return new MetricCounts(
                    made + other.made,
                    delivered + other.delivered,
                    rejected + other.rejected,
                    sum(dropped, other.dropped),
                    pending + other.pending,
                    inFlight + other.inFlight);
        }
    }

    /**
     * Counters of statements. Immutable.
     *
     * @param inFlight statements that are open at present
     * @param evicted statements given up by age or by number
     */
    public record StatementCounts(long inFlight, long evicted) {

        /** No statement yet. */
        public static final StatementCounts NONE = new StatementCounts(0, 0);

        /** The sum of both. */
        public StatementCounts plus(StatementCounts other) {
            return new StatementCounts(inFlight + other.inFlight, evicted + other.evicted);
        }
    }

    /**
     * The last success and the last failure of a client's exports. Immutable.
     *
     * @param successMillis epoch milliseconds of the last export of which the service took any metric, 0 before the first
     * @param error class and status of the last failed export, or null before the first
     * @param errorMillis epoch milliseconds of that failure, 0 before the first
     */
    public record LastExport(long successMillis, @Nullable ExportError error, long errorMillis) {

        /** No export yet. */
        public static final LastExport NONE = new LastExport(0, null, 0);
    }

    private static long sum(Map<?, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private static <K> Map<K, Long> sum(Map<K, Long> one, Map<K, Long> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() ? other : one;
        }
        Map<K, Long> sums = new HashMap<>(one);
        other.forEach((key, count) -> sums.merge(key, count, Long::sum));
        return sums;
    }
}
