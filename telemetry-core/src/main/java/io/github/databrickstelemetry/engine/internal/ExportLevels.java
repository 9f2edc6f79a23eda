package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.StatementMetric;
import io.github.databrickstelemetry.config.ExportLevel;
import io.github.databrickstelemetry.event.StatementType;

/** Which metrics each {@link ExportLevel} sends. */
final class ExportLevels {

    private ExportLevels() {}

    static boolean includes(ExportLevel level, TelemetryMetric metric) {
        return switch (level) {
            case OFF -> false;
            case ERROR -> metric.error() != null;
            case INFO -> metric.error() != null || !isMetadataCall(metric);
            case DEBUG -> true;
        };
    }

    private static boolean isMetadataCall(TelemetryMetric metric) {
        return metric instanceof StatementMetric statement && statement.statementType() == StatementType.METADATA;
    }
}
