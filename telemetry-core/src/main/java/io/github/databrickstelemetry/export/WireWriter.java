package io.github.databrickstelemetry.export;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON the way the service wants it: what says nothing (absent, empty, zero, false) is left out, strings are cut to
 * a sane length because they come from servers and drivers.
 */
final class WireWriter {

    private static final int LONGEST_TEXT = 1024;
    private static final int LONGEST_STACK = 16 * 1024;

    private final JsonGenerator json;

    WireWriter(JsonGenerator json) {
        this.json = json;
    }

    /** A part of the tree that writes itself. */
    interface Part {
        void write(WireWriter out) throws IOException;
    }

    /** The document itself. */
    void document(Part part) throws IOException {
        json.writeStartObject();
        part.write(this);
        json.writeEndObject();
    }

    void object(String name, @Nullable Part part) throws IOException {
        if (part != null) {
            json.writeObjectFieldStart(name);
            part.write(this);
            json.writeEndObject();
        }
    }

    void text(String name, @Nullable String value) throws IOException {
        text(name, value, LONGEST_TEXT);
    }

    void stack(String name, @Nullable String value) throws IOException {
        text(name, value, LONGEST_STACK);
    }

    void number(String name, long value) throws IOException {
        if (value != 0) {
            json.writeNumberField(name, value);
        }
    }

    void flag(String name, boolean value) throws IOException {
        if (value) {
            json.writeBooleanField(name, true);
        }
    }

    /** A connection parameter of any kind; false and zero are told, because somebody has set them. */
    void value(String name, Object value) throws IOException {
        if (value instanceof Boolean bool) {
            json.writeBooleanField(name, bool);
        } else if (value instanceof Number number) {
            json.writeNumberField(name, number.longValue());
        } else {
            text(name, value.toString());
        }
    }

    private void text(String name, @Nullable String value, int longest) throws IOException {
        if (value != null && !value.isEmpty()) {
            json.writeStringField(name, cut(value, longest));
        }
    }

    /** Never between the halves of a surrogate pair, and never a half alone, which Jackson refuses to write. */
    private static String cut(String value, int longest) {
        String shorter = value.length() <= longest ? value : value.substring(0, longest);
        for (int i = 0; i < shorter.length(); i++) {
            char c = shorter.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean pair = i + 1 < shorter.length() && Character.isSurrogatePair(c, shorter.charAt(i + 1));
                if (!pair) {
                    return shorter.codePoints()
                            .map(point -> point >= 0xd800 && point <= 0xdfff ? '?' : point)
                            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                            .toString();
                }
                i++;
            }
        }
        return shorter;
    }
}
