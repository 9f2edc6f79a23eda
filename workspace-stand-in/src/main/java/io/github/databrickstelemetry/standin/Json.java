package io.github.databrickstelemetry.standin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;

/** JSON in and out. */
final class Json {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The parsed body; an empty object where there is none. */
    static JsonNode read(byte[] body) throws IOException {
        JsonNode node = MAPPER.readTree(body);
        return node.isMissingNode() ? object() : node;
    }

    static Map<String, Object> map(String document) throws IOException {
        return MAPPER.readValue(document, new TypeReference<Map<String, Object>>() {});
    }
}
