package io.github.databrickstelemetry.client;

import io.github.databrickstelemetry.aggregate.DropReason;
import io.github.databrickstelemetry.breaker.BreakerState;
import io.github.databrickstelemetry.event.EventType;
import io.github.databrickstelemetry.export.ExportResult.ExportError;
import io.github.databrickstelemetry.flag.FlagState;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One client's accounts at a cut made by the engine's single writer. Immutable. Always true:
 *
 * <pre>
 * emitted = queued + aggregated + sum(droppedEvents)
 * metrics = delivered + rejected + sum(droppedMetrics) + pending + inFlight
 * </pre>
 *
 * @param host {@code host:port}
 * @param principal the credential source's identity, which is no secret
 * @param status what the client does at present
 * @param emittedByType events by kind, counted where they are emitted
 * @param emitted events in all
 * @param queued events on their way to the worker
 * @param aggregated events taken into a statement or a metric
 * @param droppedEvents dropped events by reason
 * @param metrics metrics made
 * @param delivered metrics that the service took
 * @param rejected metrics that the service received and rejected
 * @param droppedMetrics dropped metrics by reason
 * @param pending metrics that wait
 * @param inFlight metrics in the batch under way
 * @param statementsInFlight statements open at present
 * @param statementsEvicted statements given up by age or by number
 * @param breaker state of the host's breaker
 * @param flag state of the host's feature flag
 * @param lastSuccessMillis epoch milliseconds of the last export of which the service took in anything, 0 where there was none
 * @param lastError class and status of the last failed export, or null
 * @param lastErrorMillis epoch milliseconds of that failure, 0 where there was none
 * @param swallowed failures of telemetry itself that were swallowed
 */
public record TelemetryStatistics(
        String host,
        String principal,
        ClientStatus status,
        Map<EventType, Long> emittedByType,
        long emitted,
        long queued,
        long aggregated,
        Map<DropReason, Long> droppedEvents,
        long metrics,
        long delivered,
        long rejected,
        Map<DropReason, Long> droppedMetrics,
        long pending,
        long inFlight,
        long statementsInFlight,
        long statementsEvicted,
        BreakerState breaker,
        FlagState flag,
        long lastSuccessMillis,
        @Nullable ExportError lastError,
        long lastErrorMillis,
        long swallowed) {

    public TelemetryStatistics {
        emittedByType = Map.copyOf(emittedByType);
        droppedEvents = Map.copyOf(droppedEvents);
        droppedMetrics = Map.copyOf(droppedMetrics);
    }

    /** All drops of events and metrics by reason. */
    public long dropped(DropReason reason) {
        return droppedEvents.getOrDefault(reason, 0L) + droppedMetrics.getOrDefault(reason, 0L);
    }
}
