package io.github.databrickstelemetry.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What is left of a name in an environment variable, where it has neither upper case nor punctuation. */
final class UniformName {

    private UniformName() {}

    static String of(String name) {
        return name.replaceAll("[^\\p{L}\\p{N}]", "").toLowerCase(Locale.ROOT);
    }

    /**
     * Each entry once. Spring Boot binds one that a file and the environment both mention twice, with the values of
     * both, as {@code my-host} and as {@code myhost}: the first of these stays.
     */
    static <T> Map<String, T> distinct(Map<String, T> entries) {
        Map<String, T> distinct = new LinkedHashMap<>(entries);
        distinct.keySet()
                .removeIf(name -> entries.keySet().stream()
                        .anyMatch(other -> !other.equals(name) && of(other).equals(name)));
        return distinct;
    }
}
