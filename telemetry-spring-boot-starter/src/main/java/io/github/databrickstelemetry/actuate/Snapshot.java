package io.github.databrickstelemetry.actuate;

import io.github.databrickstelemetry.aggregate.DropReason;
import io.github.databrickstelemetry.breaker.BreakerState;
import io.github.databrickstelemetry.breaker.BreakerStatus;
import io.github.databrickstelemetry.breaker.BreakerStatus.Transition;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.client.TelemetryStatistics.EventCounts;
import io.github.databrickstelemetry.client.TelemetryStatistics.LastExport;
import io.github.databrickstelemetry.client.TelemetryStatistics.MetricCounts;
import io.github.databrickstelemetry.client.TelemetryStatistics.StatementCounts;
import io.github.databrickstelemetry.export.ExportResult.ExportError;
import io.github.databrickstelemetry.flag.FlagState;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Statistics as maps of plain values: Spring Boot 3 writes JSON with Jackson 2, Spring Boot 4 with Jackson 3. */
final class Snapshot {

    private Snapshot() {}

    static Map<String, Object> client(TelemetryStatistics statistics) {
        Map<String, Object> client = new LinkedHashMap<>();
        client.put("principal", statistics.principal());
        client.put("status", statistics.status().name());
        client.putAll(counts(statistics.events(), statistics.metrics(), statistics.statements()));
        LastExport last = statistics.lastExport();
        putIfKnown(client, "lastSuccess", instant(last.successMillis()));
        putIfKnown(client, "lastError", lastError(last));
        return client;
    }

    static Map<String, Object> counts(EventCounts events, MetricCounts metrics, StatementCounts statements) {
        Map<String, Object> counts = new LinkedHashMap<>();
        counts.put("events", events(events));
        counts.put("metrics", metrics(metrics));
        counts.put("statements", Map.of("inFlight", statements.inFlight(), "evicted", statements.evicted()));
        return counts;
    }

    static Map<String, Object> breaker(BreakerStatus status, Instant now) {
        Map<String, Object> breaker = new LinkedHashMap<>();
        breaker.put("state", status.state().name());
        if (status.state() == BreakerState.OPEN) {
            breaker.put("nextProbe", now.plusMillis(status.probeInMillis()).toString());
            breaker.put("nextProbeInMillis", status.probeInMillis());
        }
        breaker.put(
                "transitions",
                status.transitions().stream().map(Snapshot::transition).toList());
        return breaker;
    }

    private static Map<String, Object> transition(Transition transition) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("at", Instant.ofEpochMilli(transition.atMillis()).toString());
        map.put("from", transition.from().name());
        map.put("to", transition.to().name());
        return map;
    }

    static Map<String, Object> flag(FlagState flag, Instant now) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("status", flag.status().name());
        putIfKnown(map, "enabled", flag.enabled());
        if (flag.answeredAtMillis() > 0) {
            map.put("answeredAt", Instant.ofEpochMilli(flag.answeredAtMillis()).toString());
            map.put("ageMillis", Math.max(0, now.toEpochMilli() - flag.answeredAtMillis()));
        }
        putIfKnown(map, "lastError", flag.lastError());
        return map;
    }

    /** With its time, because it stays after the service has recovered; null where there was none. */
    static @Nullable Map<String, Object> lastError(LastExport last) {
        ExportError error = last.error();
        if (error == null) {
            return null;
        }
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("class", error.exceptionClass());
        map.put("status", error.httpStatus());
        putIfKnown(map, "at", instant(last.errorMillis()));
        return map;
    }

    private static Map<String, Object> events(EventCounts counts) {
        Map<String, Long> byType = new TreeMap<>();
        counts.byType().forEach((type, count) -> byType.put(type.text(), count));
        Map<String, Object> events = new LinkedHashMap<>();
        events.put("emitted", counts.emitted());
        events.put("queued", counts.queued());
        events.put("aggregated", counts.aggregated());
        events.put("dropped", reasons(counts.dropped()));
        events.put("byType", byType);
        return events;
    }

    private static Map<String, Object> metrics(MetricCounts counts) {
        Map<String, Object> metrics = new LinkedHashMap<>();
        metrics.put("made", counts.made());
        metrics.put("delivered", counts.delivered());
        metrics.put("rejected", counts.rejected());
        metrics.put("dropped", reasons(counts.dropped()));
        metrics.put("pending", counts.pending());
        metrics.put("inFlight", counts.inFlight());
        return metrics;
    }

    private static Map<String, Long> reasons(Map<DropReason, Long> dropped) {
        Map<String, Long> reasons = new TreeMap<>();
        dropped.forEach((reason, count) -> reasons.put(reason.text(), count));
        return reasons;
    }

    static long sum(Map<DropReason, Long> dropped) {
        return dropped.values().stream().mapToLong(Long::longValue).sum();
    }

    static void putIfKnown(Map<String, Object> map, String key, @Nullable Object value) {
        if (value != null) {
            map.put(key, value);
        }
    }

    /** Null for 0. */
    private static @Nullable String instant(long epochMillis) {
        return epochMillis == 0 ? null : Instant.ofEpochMilli(epochMillis).toString();
    }
}
