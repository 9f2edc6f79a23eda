package io.github.databrickstelemetry.export.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What {@link QuotedJson} must write, byte for byte: by Jackson, one step after the other. */
final class JacksonWriter implements WireWriter {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final JsonGenerator json;

    private JacksonWriter(JsonGenerator json) {
        this.json = json;
    }

    static byte[] quoted(Part document) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = MAPPER.createGenerator(text)) {
            json.writeStartObject();
            document.write(new JacksonWriter(json));
            json.writeEndObject();
        }
        return MAPPER.writeValueAsString(text.toString()).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void object(String name, @Nullable Part part) throws IOException {
        if (part != null) {
            json.writeObjectFieldStart(name);
            part.write(this);
            json.writeEndObject();
        }
    }

    @Override
    public void text(String name, @Nullable String value) throws IOException {
        text(name, value, LONGEST_TEXT);
    }

    @Override
    public void stack(String name, @Nullable String value) throws IOException {
        text(name, value, LONGEST_STACK);
    }

    @Override
    public void number(String name, long value) throws IOException {
        if (value != 0) {
            json.writeNumberField(name, value);
        }
    }

    @Override
    public void flag(String name, boolean value) throws IOException {
        if (value) {
            json.writeBooleanField(name, true);
        }
    }

    @Override
    public void value(String name, Object value) throws IOException {
        if (value instanceof Boolean bool) {
            json.writeBooleanField(name, bool);
        } else if (value instanceof Number number) {
            json.writeNumberField(name, number.longValue());
        } else {
            text(name, value.toString());
        }
    }

    /** A half of a surrogate pair comes back from UTF-8 as a question mark. */
    private void text(String name, @Nullable String value, int longest) throws IOException {
        if (value != null && !value.isEmpty()) {
            String shorter = value.substring(0, Math.min(value.length(), longest));
            json.writeStringField(name, new String(shorter.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
        }
    }
}
