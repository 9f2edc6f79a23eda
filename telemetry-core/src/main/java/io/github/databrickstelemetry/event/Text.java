package io.github.databrickstelemetry.event;

import org.jspecify.annotations.Nullable;

/** Bounds on foreign text. What drivers and servers hand us may be of any size, and waits in memory. */
final class Text {

    /** Far above any id, class name or path that means something. */
    static final int NAME = 512;

    /** Messages and stack frames. */
    static final int LONG = 16_384;

    private Text() {}

    static @Nullable String capNullable(@Nullable String text, int length) {
        return text == null ? null : cap(text, length);
    }

    static String cap(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        // Not between the halves of a surrogate pair, which no encoder could write.
        int end = Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
        return text.substring(0, end);
    }
}
