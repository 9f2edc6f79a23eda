package io.github.databrickstelemetry.client;

import io.github.databrickstelemetry.aggregate.DropReason;
import java.util.Map;

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
                Sums.of(dropped, other.dropped),
                pending + other.pending,
                inFlight + other.inFlight);
    }
}
