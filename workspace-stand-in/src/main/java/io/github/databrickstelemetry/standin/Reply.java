package io.github.databrickstelemetry.standin;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;

/** An HTTP response. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Reply(int status, String contentType, byte[] body) {

    static Reply json(JsonNode body) {
        return json(200, body);
    }

    static Reply json(int status, JsonNode body) {
        return new Reply(status, "application/json", Json.bytes(body));
    }

    static Reply html(int status, String body) {
        return new Reply(status, "text/html; charset=utf-8", body.getBytes(StandardCharsets.UTF_8));
    }

    static Reply error(int status, String code, String message) {
        return json(status, Json.object().put("error_code", code).put("message", message));
    }

    static Reply notFound(String what) {
        return error(404, "RESOURCE_DOES_NOT_EXIST", what + " does not exist");
    }
}
