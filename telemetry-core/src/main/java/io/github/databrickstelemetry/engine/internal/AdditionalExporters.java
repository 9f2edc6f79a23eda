package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.client.ExporterStatistics;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The application's own exporters of one engine. Methods belong to the worker, except where they say otherwise. */
final class AdditionalExporters {

    private final List<AdditionalExporter> exporters = new CopyOnWriteArrayList<>();
    private final Guard guard;

    AdditionalExporters(Guard guard) {
        this.guard = guard;
    }

    /** For any thread. */
    void add(AdditionalExporter exporter) {
        exporters.add(exporter);
    }

    /** Hands a finished metric to each of them. */
    void accept(TelemetryMetric metric) {
        for (AdditionalExporter exporter : exporters) {
            try {
                exporter.accept(metric);
            } catch (Throwable failure) {
                guard.swallowed("an additional exporter", failure);
            }
        }
    }

    void beginClose(long deadlineNanos) {
        exporters.forEach(exporter -> exporter.beginClose(deadlineNanos));
    }

    void publish() {
        exporters.forEach(AdditionalExporter::publish);
    }

    /** For any thread. */
    List<ExporterStatistics> published() {
        return exporters.stream().map(AdditionalExporter::published).toList();
    }
}
