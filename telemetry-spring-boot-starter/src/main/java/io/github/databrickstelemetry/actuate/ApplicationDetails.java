package io.github.databrickstelemetry.actuate;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Details of the application that the endpoint shows.
 *
 * @param name the application's name, or null
 * @param queryText whether recent statements show their SQL text
 * @param dataSources every data source and how it is instrumented, as plain values; empty without JDBC
 * @param unknownProperties names of properties under our prefix that nothing reads
 */
public record ApplicationDetails(
        @Nullable String name,
        boolean queryText,
        Supplier<List<Map<String, Object>>> dataSources,
        Supplier<List<String>> unknownProperties) {}
