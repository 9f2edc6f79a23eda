package io.github.databrickstelemetry.client;

import io.github.databrickstelemetry.aggregate.DropReason;
import io.github.databrickstelemetry.breaker.BreakerState;
import io.github.databrickstelemetry.breaker.BreakerStatus;
import io.github.databrickstelemetry.flag.FlagState;
import io.github.databrickstelemetry.flag.FlagStatus;
import java.util.List;

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
 * @param status what the client does at present
 * @param events counters of events
 * @param metrics counters of metrics
 * @param statements counters of statements
 * @param lastExport the last success and the last failure
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
}
