package io.github.databrickstelemetry.export.internal;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A JSON document inside a JSON string, as the service takes it, written in one pass: whatever the string needs escaped is
 * escaped as it is written. Jackson's generator and a second pass take longer (EncodingBenchmark). Not thread-safe; made
 * for one document after the other.
 */
final class QuotedJson implements WireWriter {

    private static final String HEX = "0123456789ABCDEF";

    private static final int MOST_DIGITS = 19;
    private static final boolean[] PLAIN = plain();

    /** What else than a string one step may write: the longest number or escape, quotes, comma, colon, braces. */
    private static final int SLACK = 32;

    private byte[] bytes = new byte[2048];
    private int length;
    private boolean first;

    /** The document that a part writes, in quotes. */
    byte[] quoted(WireWriter.Part document) throws IOException {
        length = 0;
        put('"');
        open();
        document.write(this);
        close();
        put('"');
        return Arrays.copyOf(bytes, length);
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
            ascii("true");
        }
    }

    @Override
    public void value(String name, Object value) {
        if (value instanceof Boolean bool) {
            foreignName(name);
            ascii(bool.toString());
        } else if (value instanceof Number number) {
            foreignName(name);
            digits(number.longValue());
        } else if (!value.toString().isEmpty()) {
            foreignName(name);
            string(value.toString(), LONGEST_TEXT);
        }
    }

    private void text(String name, @Nullable String value, int longest) {
        if (value != null && !value.isEmpty()) {
            name(name);
            string(value, longest);
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

    /** One of our own names, which need no care. */
    private void name(String name) {
        reserve(name.length() + SLACK);
        comma();
        quote();
        ascii(name);
        quote();
        put(':');
    }

    private void foreignName(String name) {
        reserve(SLACK);
        comma();
        string(name, LONGEST_TEXT);
        put(':');
    }

    private void comma() {
        if (!first) {
            put(',');
        }
        first = false;
    }

    /** A whole string at once, in one copy. For ASCII that needs no escapes: our own names. */
    @SuppressWarnings("deprecation") // Deprecated for text that is not ASCII; nothing else copies without a detour.
    private void ascii(String name) {
        name.getBytes(0, name.length(), bytes, length);
        length += name.length();
    }

    /** At any time there is room for the characters to come, were they plain, and the slack. */
    private void string(String value, int longest) {
        int end = Math.min(value.length(), longest);
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
            if (c >= PLAIN.length || !PLAIN[c]) {
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
                put(HEX.charAt(c >> 4));
                put(HEX.charAt(c & 0xf));
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
        for (long bound = -10; rest <= bound && end - length < MOST_DIGITS; bound *= 10) {
            end++;
        }
        length = end;
        byte[] to = bytes;
        do {
            long tenth = rest / 10;
            to[--end] = (byte) ('0' + (tenth * 10 - rest));
            rest = tenth;
        } while (rest != 0);
    }

    private void quote() {
        put('\\');
        put('"');
    }

    private void put(int letter) {
        bytes[length++] = (byte) letter;
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }

    private static boolean[] plain() {
        boolean[] plain = new boolean[0x80];
        Arrays.fill(plain, ' ', plain.length, true);
        plain['"'] = false;
        plain['\\'] = false;
        return plain;
    }
}
