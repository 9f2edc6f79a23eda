package io.github.databrickstelemetry.actuate;

import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Plain values by name, in order: Spring Boot 3 writes them as JSON with Jackson 2, Spring Boot 4 with Jackson 3. Not
 * thread-safe.
 */
public final class Details extends LinkedHashMap<String, Object> {

    private static final long serialVersionUID = 1L;

    /** Adds a value, unless it is null. */
    public Details with(String name, @Nullable Object value) {
        if (value != null) {
            put(name, value);
        }
        return this;
    }
}
