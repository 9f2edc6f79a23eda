package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceTelemetryPostProcessor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The status of each data source, as maps of plain values for the endpoint. */
final class DataSourceReport {

    private DataSourceReport() {}

    static List<Map<String, Object>> of(@Nullable DataSourceTelemetryPostProcessor postProcessor) {
        return postProcessor == null
                ? List.of()
                : postProcessor.status().stream().map(DataSourceReport::of).toList();
    }

    /** Names of the data sources that are instrumented. */
    static List<String> instrumented(@Nullable DataSourceTelemetryPostProcessor postProcessor) {
        return postProcessor == null
                ? List.of()
                : postProcessor.status().stream()
                        .filter(status -> status.instrumentation() != DataSourceStatus.Instrumentation.NONE)
                        .map(DataSourceStatus::beanName)
                        .toList();
    }

    private static Map<String, Object> of(DataSourceStatus status) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", status.beanName());
        putIfKnown(map, "host", status.host());
        map.put("instrumentation", status.instrumentation().name());
        map.put("driverTelemetry", status.driverTelemetry().name());
        putIfKnown(map, "reason", status.reason());
        return map;
    }

    private static void putIfKnown(Map<String, Object> map, String key, @Nullable String value) {
        if (value != null) {
            map.put(key, value);
        }
    }
}
