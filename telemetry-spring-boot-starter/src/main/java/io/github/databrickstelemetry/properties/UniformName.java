package io.github.databrickstelemetry.properties;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Names as environment variables can express them: letters and digits, case ignored. */
public final class UniformName {

    private UniformName() {}

    /** The letters and digits of a name, in lower case. */
    public static String of(String name) {
        return name.replaceAll("[^\\p{L}\\p{N}]", "").toLowerCase(Locale.ROOT);
    }

    /**
     * Each entry once. An entry that a file and the environment both mention is bound twice by Spring Boot, with the
     * values of both, as {@code my-host} and as {@code myhost}: {@code my-host} stays.
     */
    public static <T> Map<String, T> distinct(Map<String, T> entries) {
        Map<String, T> distinct = new LinkedHashMap<>(entries);
        distinct.keySet()
                .removeIf(name -> entries.keySet().stream()
                        .anyMatch(other -> !other.equals(name) && of(other).equals(name)));
        return distinct;
    }
}
