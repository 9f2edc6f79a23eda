package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.TelemetryExporter;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Shows the application's own exporters what the service has received. They get every metric once, when it will not be
 * sent again; what they answer or throw changes nothing. Called by one thread at a time.
 */
final class FanOutExporter implements TelemetryExporter {

    private final TelemetryExporter service;
    private final Supplier<List<TelemetryExporter>> others;
    private final Guard guard;

    FanOutExporter(TelemetryExporter service, Supplier<List<TelemetryExporter>> others, Guard guard) {
        this.service = service;
        this.others = others;
        this.guard = guard;
    }

    @Override
    public ExportResult export(List<TelemetryMetric> batch) {
        ExportResult result = service.export(batch);
        List<TelemetryExporter> exporters = others.get();
        if (!exporters.isEmpty()) {
            List<TelemetryMetric> done = without(batch, result.kept());
            if (!done.isEmpty()) {
                exporters.forEach(other -> guard.run("an additional exporter", () -> other.export(done)));
            }
        }
        return result;
    }

    /** The others are beans: who made them closes them. */
    @Override
    public void close() {
        service.close();
    }

    private static List<TelemetryMetric> without(List<TelemetryMetric> batch, List<TelemetryMetric> kept) {
        if (kept.isEmpty()) {
            return batch;
        }
        Set<TelemetryMetric> again = Collections.newSetFromMap(new IdentityHashMap<>());
        again.addAll(kept);
        return batch.stream().filter(metric -> !again.contains(metric)).toList();
    }
}
