package io.github.databrickstelemetry.sample.workspace;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * One telemetry document as it arrived.
 *
 * @param number counts documents from 1, in the order of arrival
 * @param receivedMillis epoch milliseconds
 * @param path where it was posted to
 * @param document the parsed document
 */
public record ReceivedDocument(long number, long receivedMillis, String path, JsonNode document) {

    /** The event id that the sender gave it, or an empty text. */
    public String eventId() {
        return document.path("frontend_log_event_id").asText();
    }

    /** What happened, such as {@code EXECUTE_STATEMENT}, or an empty text. */
    public String operation() {
        return log().path("sql_operation")
                .path("operation_detail")
                .path("operation_type")
                .asText();
    }

    /** The session's id, or an empty text. */
    public String sessionId() {
        return log().path("session_id").asText();
    }

    /** The statement's id, or an empty text. */
    public String statementId() {
        return log().path("sql_statement_id").asText();
    }

    /** How long the operation took in milliseconds, or -1 where the document does not say. */
    public long latencyMillis() {
        return log().path("operation_latency_ms").asLong(-1);
    }

    /** The name of the error that it reports, or an empty text. */
    public String errorName() {
        return log().path("error_info").path("error_name").asText();
    }

    /** The whole document as plain maps, lists and values. */
    public Map<String, Object> content() {
        return Json.map(document);
    }

    private JsonNode log() {
        return document.path("entry").path("sql_driver_log");
    }
}
