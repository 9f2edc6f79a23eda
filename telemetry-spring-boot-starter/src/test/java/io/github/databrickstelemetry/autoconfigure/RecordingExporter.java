package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.StatementMetric;
import io.github.databrickstelemetry.breaker.internal.CircuitBreaker;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.TelemetryExporter;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes every metric, and remembers them and the targets that it was made for. */
public final class RecordingExporter implements TelemetryExporter {

    private final List<TelemetryMetric> metrics = new CopyOnWriteArrayList<>();
    private final List<TelemetryTarget> targets = new CopyOnWriteArrayList<>();

    /** As a {@code TelemetryExporterFactory}. */
    public TelemetryExporter create(TelemetryTarget target, CircuitBreaker breaker) {
        targets.add(target);
        return this;
    }

    @Override
    public ExportResult export(List<TelemetryMetric> batch) {
        metrics.addAll(batch);
        return ExportResult.deliveredAll(batch.size());
    }

    @Override
    public void close() {}

    /** What it received, in order. */
    public List<TelemetryMetric> metrics() {
        return metrics;
    }

    /** The targets of the clients that exported something. */
    public List<TelemetryTarget> targets() {
        return targets;
    }

    /** The operations that it received, in order; errors on their own are left out. */
    public List<OperationType> operations() {
        return metrics.stream().flatMap(metric -> operation(metric).stream()).toList();
    }

    private static List<OperationType> operation(TelemetryMetric metric) {
        if (metric instanceof StatementMetric statement) {
            return List.of(statement.operation());
        }
        return metric instanceof TelemetryMetric.SessionMetric session ? List.of(session.operation()) : List.of();
    }
}
