package io.github.databrickstelemetry.flag.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a flag service says.
 *
 * @param value of the flag that was asked for, as text; null if it is not among them
 * @param ttlSeconds null if it gives no number
 */
record FlagDocument(@Nullable String value, @Nullable Double ttlSeconds) {

    /** Null where it is no JSON object. Of a flag that is there twice the first counts. */
    static @Nullable FlagDocument read(byte[] json, String flag) throws IOException {
        // Made for each of the few questions, so that an application does not start with loading Jackson.
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            String value = null;
            Double ttlSeconds = null;
            for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
                JsonToken token = parser.nextToken();
                if (field.equals("ttl_seconds")) {
                    ttlSeconds = token.isNumeric() ? parser.getDoubleValue() : null;
                } else if (field.equals("flags") && token == JsonToken.START_ARRAY) {
                    value = valueOf(flag, parser);
                }
                parser.skipChildren();
            }
            return new FlagDocument(value, ttlSeconds);
        }
    }

    /** Reads up to the end of the array. */
    private static @Nullable String valueOf(String flag, JsonParser array) throws IOException {
        String found = null;
        JsonToken element = array.nextToken();
        while (element != null && element != JsonToken.END_ARRAY) {
            String value = element == JsonToken.START_OBJECT ? valueIfNamed(flag, array) : null;
            found = found == null ? value : found;
            array.skipChildren();
            element = array.nextToken();
        }
        return found;
    }

    /** Reads up to the end of the object. Null if it is about another flag, empty if it has no value. */
    private static @Nullable String valueIfNamed(String flag, JsonParser object) throws IOException {
        boolean named = false;
        String value = "";
        for (String field = object.nextFieldName(); field != null; field = object.nextFieldName()) {
            String text = object.nextToken().isScalarValue() ? object.getText() : "";
            if (field.equals("name")) {
                named = text.equals(flag);
            } else if (field.equals("value")) {
                value = text;
            }
            object.skipChildren();
        }
        return named ? value : null;
    }
}
