package io.github.databrickstelemetry.actuate;

import io.github.databrickstelemetry.aggregate.DropReason;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.event.EventType;
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
        client.put("events", events(statistics));
        client.put("metrics", metrics(statistics));
        client.put(
                "statements",
                Map.of(
                        "inFlight",
                        statistics.statements().inFlight(),
                        "evicted",
                        statistics.statements().evicted()));
        if (statistics.lastExport().successMillis() > 0) {
            client.put("lastSuccess", instant(statistics.lastExport().successMillis()));
        }
        Map<String, Object> lastError = lastError(statistics);
        if (lastError != null) {
            client.put("lastError", lastError);
        }
        return client;
    }

    static Map<String, Object> flag(FlagState flag) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("status", flag.status().name());
        Boolean enabled = flag.enabled();
        if (enabled != null) {
            map.put("enabled", enabled);
        }
        if (flag.answeredAtMillis() > 0) {
            map.put("answeredAt", instant(flag.answeredAtMillis()));
        }
        String lastError = flag.lastError();
        if (lastError != null) {
            map.put("lastError", lastError);
        }
        return map;
    }

    /** With its time, because it stays after the service has recovered; null where there was none. */
    static @Nullable Map<String, Object> lastError(TelemetryStatistics statistics) {
        ExportError error = statistics.lastExport().error();
        if (error == null) {
            return null;
        }
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("class", error.exceptionClass());
        map.put("status", error.httpStatus());
        map.put("at", instant(statistics.lastExport().errorMillis()));
        return map;
    }

    private static Map<String, Object> events(TelemetryStatistics statistics) {
        Map<String, Long> byType = new TreeMap<>();
        for (Map.Entry<EventType, Long> entry : statistics.events().byType().entrySet()) {
            byType.put(entry.getKey().text(), entry.getValue());
        }
        Map<String, Object> events = new LinkedHashMap<>();
        events.put("emitted", statistics.events().emitted());
        events.put("queued", statistics.events().queued());
        events.put("aggregated", statistics.events().aggregated());
        events.put("dropped", reasons(statistics.events().dropped()));
        events.put("byType", byType);
        return events;
    }

    private static Map<String, Object> metrics(TelemetryStatistics statistics) {
        Map<String, Object> metrics = new LinkedHashMap<>();
        metrics.put("made", statistics.metrics().made());
        metrics.put("delivered", statistics.metrics().delivered());
        metrics.put("rejected", statistics.metrics().rejected());
        metrics.put("dropped", reasons(statistics.metrics().dropped()));
        metrics.put("pending", statistics.metrics().pending());
        metrics.put("inFlight", statistics.metrics().inFlight());
        return metrics;
    }

    private static Map<String, Long> reasons(Map<DropReason, Long> dropped) {
        Map<String, Long> reasons = new TreeMap<>();
        dropped.forEach((reason, count) -> reasons.put(reason.text(), count));
        return reasons;
    }

    private static String instant(long epochMillis) {
        return Instant.ofEpochMilli(epochMillis).toString();
    }
}
