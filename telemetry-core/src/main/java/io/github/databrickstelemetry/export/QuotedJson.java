package io.github.databrickstelemetry.export;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A JSON document inside a JSON string, as the service takes it, written in one pass: whatever the string needs escaped is
 * escaped as it is written. Jackson's generator and a second pass take longer (EncodingBenchmark). Not thread-safe; holds
 * one document.
 */
final class QuotedJson implements WireWriter {

    private static final byte[] HEX = ascii("0123456789ABCDEF");
    private static final byte[] TRUE = ascii("true");
    private static final byte[] FALSE = ascii("false");

    /** What else than a string one step may write: the longest number or escape, quotes, comma, colon, braces. */
    private static final int SLACK = 32;

    private byte[] bytes;
    private int length;
    private boolean first;

    private QuotedJson(int size) {
        bytes = new byte[size];
    }

    /** The document that a part writes, in quotes. */
    static byte[] of(WireWriter.Part document) throws IOException {
        QuotedJson json = new QuotedJson(1024);
        json.put('"');
        json.open();
        document.write(json);
        json.close();
        json.put('"');
        return Arrays.copyOf(json.bytes, json.length);
    }

    @Override
    public void object(String name, @Nullable Part part) throws IOException {
        if (part != null) {
            name(name);
            open();
            part.write(this);
            close();
        }
    }

    @Override
    public void text(String name, @Nullable String value) {
        text(name, value, LONGEST_TEXT);
    }

    @Override
    public void stack(String name, @Nullable String value) {
        text(name, value, LONGEST_STACK);
    }

    @Override
    public void number(String name, long value) {
        if (value != 0) {
            name(name);
            digits(value);
        }
    }

    @Override
    public void flag(String name, boolean value) {
        if (value) {
            name(name);
            put(TRUE);
        }
    }

    @Override
    public void value(String name, Object value) {
        if (value instanceof Boolean bool) {
            name(name);
            put(bool ? TRUE : FALSE);
        } else if (value instanceof Number number) {
            name(name);
            digits(number.longValue());
        } else {
            text(name, value.toString());
        }
    }

    private void text(String name, @Nullable String value, int longest) {
        if (value != null && !value.isEmpty()) {
            name(name);
            string(value, Math.min(value.length(), longest));
        }
    }

    private void open() {
        put('{');
        first = true;
    }

    private void close() {
        reserve(SLACK);
        put('}');
        first = false;
    }

    private void name(String name) {
        reserve(SLACK);
        if (!first) {
            put(',');
        }
        first = false;
        string(name, name.length());
        put(':');
    }

    /** At any time there is room for the characters to come, were they plain, and the slack. */
    private void string(String value, int end) {
        reserve(end + SLACK);
        quote();
        int next = plain(value, 0, end);
        while (next < end) {
            reserve(end - next + SLACK);
            next = plain(value, special(value, next, end), end);
        }
        quote();
    }

    /** Writes what needs no care, nearly always everything, and returns where that ends. */
    private int plain(String value, int from, int end) {
        // Locals, which can stay in registers; the fields would be stored for every character.
        byte[] to = bytes;
        int at = length;
        int i = from;
        for (; i < end; i++) {
            char c = value.charAt(i);
            if (c >= 0x80 || c < ' ' || c == '"' || c == '\\') {
                break;
            }
            to[at++] = (byte) c;
        }
        length = at;
        return i;
    }

    /** Writes one character of any other kind, and returns where the next one is. */
    private int special(String value, int i, int end) {
        char c = value.charAt(i);
        if (c < 0x80) {
            escaped(c);
        } else if (!Character.isSurrogate(c)) {
            encoded(c);
        } else if (i + 1 < end && Character.isSurrogatePair(c, value.charAt(i + 1))) {
            encoded(Character.toCodePoint(c, value.charAt(i + 1)));
            return i + 2;
        } else {
            // Half a pair, as it is or where it was cut, is no character and would spoil the document.
            put('?');
        }
        return i + 1;
    }

    /** A character that a JSON string cannot hold as it is, escaped for the inner string and then for the outer. */
    private void escaped(char c) {
        put('\\');
        put('\\');
        switch (c) {
            case '"', '\\' -> {
                put('\\');
                put(c);
            }
            case '\b' -> put('b');
            case '\t' -> put('t');
            case '\n' -> put('n');
            case '\f' -> put('f');
            case '\r' -> put('r');
            default -> {
                put('u');
                put('0');
                put('0');
                put(HEX[c >> 4]);
                put(HEX[c & 0xf]);
            }
        }
    }

    /** UTF-8. */
    private void encoded(int point) {
        if (point < 0x800) {
            put(0xc0 | (point >> 6));
        } else {
            if (point < 0x10000) {
                put(0xe0 | (point >> 12));
            } else {
                put(0xf0 | (point >> 18));
                put(0x80 | ((point >> 12) & 0x3f));
            }
            put(0x80 | ((point >> 6) & 0x3f));
        }
        put(0x80 | (point & 0x3f));
    }

    private void digits(long value) {
        reserve(SLACK);
        if (value < 0) {
            put('-');
        }
        // Negative numbers reach one further than positive ones.
        long rest = value < 0 ? value : -value;
        int end = length + 1;
        for (long more = rest / 10; more != 0; more /= 10) {
            end++;
        }
        length = end;
        do {
            bytes[--end] = (byte) ('0' - rest % 10);
            rest /= 10;
        } while (rest != 0);
    }

    private void quote() {
        put('\\');
        put('"');
    }

    private void put(byte[] word) {
        for (byte letter : word) {
            put(letter);
        }
    }

    private void put(int letter) {
        bytes[length++] = (byte) letter;
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
