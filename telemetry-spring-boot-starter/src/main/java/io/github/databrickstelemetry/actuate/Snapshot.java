package io.github.databrickstelemetry.actuate;

import io.github.databrickstelemetry.aggregate.DropReason;
import io.github.databrickstelemetry.breaker.BreakerStatus;
import io.github.databrickstelemetry.breaker.BreakerStatus.BreakerState;
import io.github.databrickstelemetry.breaker.BreakerStatus.Transition;
import io.github.databrickstelemetry.client.ExporterStatistics;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.client.TelemetryStatistics.EventCounts;
import io.github.databrickstelemetry.client.TelemetryStatistics.LastExport;
import io.github.databrickstelemetry.client.TelemetryStatistics.MetricCounts;
import io.github.databrickstelemetry.client.TelemetryStatistics.StatementCounts;
import io.github.databrickstelemetry.export.ExportResult.ExportError;
import io.github.databrickstelemetry.flag.FlagState;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Statistics as plain values. */
final class Snapshot {

    private Snapshot() {}

    static Details client(TelemetryStatistics statistics) {
        Details client = new Details()
                .with("principal", statistics.principal())
                .with("status", statistics.status().name());
        client.putAll(counts(statistics.events(), statistics.metrics(), statistics.statements()));
        return withLastExport(client, statistics.lastExport());
    }

    static Details exporter(ExporterStatistics statistics) {
        Details exporter = new Details().with("name", statistics.name()).with("metrics", metrics(statistics.metrics()));
        return withLastExport(exporter, statistics.lastExport());
    }

    private static Details withLastExport(Details details, LastExport last) {
        return details.with("lastSuccess", instant(last.successMillis())).with("lastError", lastError(last));
    }

    static Details counts(EventCounts events, MetricCounts metrics, StatementCounts statements) {
        return new Details()
                .with("events", events(events))
                .with("metrics", metrics(metrics))
                .with(
                        "statements",
                        new Details().with("inFlight", statements.inFlight()).with("evicted", statements.evicted()));
    }

    static Details breaker(BreakerStatus status, Instant now) {
        Details breaker = new Details().with("state", status.state().name());
        if (status.state() == BreakerState.OPEN) {
            breaker.with("nextProbe", now.plusMillis(status.probeInMillis()).toString())
                    .with("nextProbeInMillis", status.probeInMillis());
        }
        return breaker.with(
                "transitions",
                status.transitions().stream().map(Snapshot::transition).toList());
    }

    private static Details transition(Transition transition) {
        return new Details()
                .with("at", Instant.ofEpochMilli(transition.atMillis()).toString())
                .with("from", transition.from().name())
                .with("to", transition.to().name());
    }

    static Details flag(FlagState flag, Instant now) {
        Details details = new Details().with("status", flag.status().name()).with("enabled", flag.enabled());
        if (flag.answeredAtMillis() > 0) {
            details.with("answeredAt", instant(flag.answeredAtMillis()))
                    .with("ageMillis", Math.max(0, now.toEpochMilli() - flag.answeredAtMillis()));
        }
        return details.with("lastError", flag.lastError());
    }

    /** With its time, because it stays after the service has recovered; null where there was none. */
    static @Nullable Details lastError(LastExport last) {
        ExportError error = last.error();
        return error == null
                ? null
                : new Details()
                        .with("class", error.exceptionClass())
                        .with("status", error.httpStatus())
                        .with("at", instant(last.errorMillis()));
    }

    private static Details events(EventCounts counts) {
        Map<String, Long> byType = new TreeMap<>();
        counts.byType().forEach((type, count) -> byType.put(type.text(), count));
        return new Details()
                .with("emitted", counts.emitted())
                .with("queued", counts.queued())
                .with("aggregated", counts.aggregated())
                .with("dropped", reasons(counts.dropped()))
                .with("byType", byType);
    }

    private static Details metrics(MetricCounts counts) {
        return new Details()
                .with("made", counts.made())
                .with("delivered", counts.delivered())
                .with("rejected", counts.rejected())
                .with("dropped", reasons(counts.dropped()))
                .with("pending", counts.pending())
                .with("inFlight", counts.inFlight());
    }

    private static Map<String, Long> reasons(Map<DropReason, Long> dropped) {
        Map<String, Long> reasons = new TreeMap<>();
        dropped.forEach((reason, count) -> reasons.put(reason.text(), count));
        return reasons;
    }

    static long sum(Map<DropReason, Long> dropped) {
        return dropped.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Null for 0. */
    static @Nullable String instant(long epochMillis) {
        return epochMillis == 0 ? null : Instant.ofEpochMilli(epochMillis).toString();
    }
}
