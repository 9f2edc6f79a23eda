package io.github.databrickstelemetry.export.internal;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON the way the service wants it: what says nothing (absent, empty, zero, false) is left out, strings are cut to
 * a sane length because they come from servers and drivers.
 */
interface WireWriter {

    int LONGEST_TEXT = 1024;
    int LONGEST_STACK = 16 * 1024;

    /** A part of the tree that writes itself. */
    interface Part {
        void write(WireWriter out) throws IOException;
    }

    void object(String name, @Nullable Part part) throws IOException;

    /** At most {@value #LONGEST_TEXT} characters. */
    void text(String name, @Nullable String value) throws IOException;

    /** At most {@value #LONGEST_STACK} characters. */
    void stack(String name, @Nullable String value) throws IOException;

    void number(String name, long value) throws IOException;

    void flag(String name, boolean value) throws IOException;

    /** A connection parameter of any kind; false and zero are told, because somebody has set them. */
    void value(String name, Object value) throws IOException;
}
