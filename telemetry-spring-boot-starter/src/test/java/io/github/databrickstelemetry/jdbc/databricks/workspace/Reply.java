package io.github.databrickstelemetry.jdbc.databricks.workspace;

import java.nio.charset.StandardCharsets;

/** What goes back over the wire. */
@SuppressWarnings("ArrayRecordComponent") // never compared, and gone at once
record Reply(int status, String contentType, byte[] body) {

    static final Reply NOT_FOUND = text(404, "{\"error_code\":\"NOT_FOUND\",\"message\":\"not found\"}");

    static Reply text(int status, String json) {
        return new Reply(status, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }
}
