package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.client.ExporterStatistics;
import io.github.databrickstelemetry.client.TelemetryListener;
import io.github.databrickstelemetry.client.TelemetryStatistics.LastExport;
import io.github.databrickstelemetry.client.TelemetryStatistics.MetricCounts;
import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.config.ExportSettings;
import io.github.databrickstelemetry.export.TelemetryExporter;
import io.github.databrickstelemetry.flag.internal.FlagHandle;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * An exporter of the application, which gets every finished metric of all clients. It has a delivery of its own, with its
 * own buffer and counters, so it delays no client and depends on none. Belongs to the worker, except where a method says
 * otherwise.
 */
final class AdditionalExporter implements TelemetryListener {

    private static final Duration FLUSH_INTERVAL = Duration.ofSeconds(5);

    private final String name;
    private final Delivery delivery;
    private volatile ExporterStatistics published;

    AdditionalExporter(
            TelemetryWorker worker,
            TelemetryExporter exporter,
            BooleanSupplier killSwitch,
            long nowNanos,
            Guard guard) {
        this.name = exporter.getClass().getSimpleName();
        SendGate gate = new SendGate(name, ExportSettings.DEFAULTS, false, killSwitch, () -> false);
        gate.follow(() -> FlagHandle.fixed(true));
        this.delivery = new Delivery(
                worker,
                name,
                settings(),
                gate,
                // The application closes what it has made, so close() does not reach it.
                () -> batch -> exporter.export(batch),
                new Delivery.Owner() {},
                nowNanos + FLUSH_INTERVAL.toNanos(),
                guard);
        this.published = new ExporterStatistics(name, MetricCounts.NONE, LastExport.NONE);
    }

    private static ClientSettings settings() {
        ClientSettings defaults = ClientSettings.DEFAULTS;
        return new ClientSettings(
                true,
                defaults.batchSize(),
                FLUSH_INTERVAL,
                defaults.maxPending(),
                1,
                0,
                defaults.statementTtl(),
                defaults.errorDetail(),
                defaults.export(),
                defaults.circuitBreaker(),
                defaults.featureFlag());
    }

    @Override
    public void onMetric(String host, TelemetryMetric metric) {
        delivery.accept(metric);
    }

    Delivery delivery() {
        return delivery;
    }

    void publish() {
        published = new ExporterStatistics(
                name, delivery.outbox().counts(), delivery.outbox().lastExport());
    }

    /** For any thread: what was published last. */
    ExporterStatistics published() {
        return published;
    }
}
