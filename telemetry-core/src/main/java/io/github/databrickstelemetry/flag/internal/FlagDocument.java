package io.github.databrickstelemetry.flag.internal;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.databrickstelemetry.workspace.internal.WorkspaceResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The document of a flag service, as far as one flag needs it.
 *
 * @param value of the flag, as text; null if it is not among them
 * @param ttlSeconds null if there is no such number
 * @param errorCode the service's own code of an error, or null
 */
record FlagDocument(
        @Nullable String value,
        @Nullable Double ttlSeconds,
        @Nullable String errorCode) {

    /** Reads the document; null if the body is not the service's JSON. The first of two entries for one flag counts. */
    static @Nullable FlagDocument read(WorkspaceResponse response, String flag) throws IOException {
        JsonNode document = response.json();
        String errorCode = textOf(document.path("error_code"));
        JsonNode flags = document.path("flags");
        JsonNode ttl = document.path("ttl_seconds");
        // The service omits what is empty.
        boolean service = document.isObject()
                && (document.isEmpty() || errorCode != null || flags.isArray() || !ttl.isMissingNode());
        return service
                ? new FlagDocument(valueOf(flag, flags), ttl.isNumber() ? ttl.doubleValue() : null, errorCode)
                : null;
    }

    private static @Nullable String textOf(JsonNode node) {
        return node.isValueNode() ? node.asText() : null;
    }

    private static @Nullable String valueOf(String flag, JsonNode flags) {
        for (JsonNode candidate : flags) {
            if (flag.equals(textOf(candidate.path("name")))) {
                return candidate.path("value").asText();
            }
        }
        return null;
    }
}
