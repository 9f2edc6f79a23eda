package io.github.databrickstelemetry.sample.workspace;

import com.fasterxml.jackson.databind.JsonNode;

/** What a request is answered with. */
record Answer(int status, JsonNode body) {

    static Answer ok(JsonNode body) {
        return new Answer(200, body);
    }

    static Answer ok() {
        return new Answer(200, Json.object());
    }

    static Answer error(int status, String code, String message) {
        return new Answer(status, Json.object().put("error_code", code).put("message", message));
    }

    static Answer notFound(String what) {
        return error(404, "RESOURCE_DOES_NOT_EXIST", what + " does not exist");
    }
}
