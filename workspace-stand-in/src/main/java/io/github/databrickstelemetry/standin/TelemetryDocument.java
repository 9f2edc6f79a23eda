package io.github.databrickstelemetry.standin;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One telemetry document that the workspace received.
 *
 * @param number counts documents from 1, in the order of arrival
 * @param receivedMillis epoch milliseconds
 * @param path where it was posted to
 * @param content the document as maps, lists and values
 */
public record TelemetryDocument(long number, long receivedMillis, String path, Map<String, Object> content) {

    /** The id that the sender gave the event, or an empty text. */
    public String eventId() {
        return text("frontend_log_event_id");
    }

    /** The operation, such as {@code EXECUTE_STATEMENT}, or an empty text. */
    public String operation() {
        return text("entry.sql_driver_log.sql_operation.operation_detail.operation_type");
    }

    /** The session's id, or an empty text. */
    public String sessionId() {
        return text("entry.sql_driver_log.session_id");
    }

    /** The statement's id, or an empty text. */
    public String statementId() {
        return text("entry.sql_driver_log.sql_statement_id");
    }

    /** How long the operation took in milliseconds, or -1 where the document has none. */
    public long latencyMillis() {
        return value("entry.sql_driver_log.operation_latency_ms") instanceof Number number ? number.longValue() : -1;
    }

    /** The name of the error, or an empty text. */
    public String errorName() {
        return text("entry.sql_driver_log.error_info.error_name");
    }

    /** The value at a path such as {@code entry.sql_driver_log.session_id}, or null where there is none. */
    public @Nullable Object value(String path) {
        Object value = content;
        for (String name : path.split("\\.", -1)) {
            value = value instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return value;
    }

    private String text(String path) {
        Object value = value(path);
        return value == null ? "" : value.toString();
    }
}
