package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.client.ExporterStatistics;
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
final class AdditionalExporter extends Participant {

    private static final Duration FLUSH_INTERVAL = Duration.ofSeconds(5);

    private final TelemetryWorker worker;
    private final String name;
    private final SendGate gate;
    private final Delivery delivery;
    private volatile ExporterStatistics published;

    AdditionalExporter(
            TelemetryWorker worker,
            TelemetryExporter exporter,
            BooleanSupplier killSwitch,
            long nowNanos,
            Guard guard) {
        this.worker = worker;
        this.name = exporter.getClass().getSimpleName();
        this.gate = new SendGate(name, ExportSettings.DEFAULTS, false, killSwitch, () -> false);
        gate.follow(FlagHandle.on(), nowNanos);
        this.delivery = new Delivery(
                worker,
                this,
                name,
                settings(),
                gate,
                // The application closes what it has made, so close() does not reach it.
                new ExporterSlot(() -> batch -> exporter.export(batch)),
                (result, nanos) -> {},
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

    void accept(TelemetryMetric metric) {
        delivery.accept(metric);
    }

    @Override
    void settle(long nowNanos) {
        if (!delivery.settle(nowNanos)) {
            worker.participants().remove(this);
        }
    }

    @Override
    long nanosUntilDue(long nowNanos) {
        return delivery.nanosUntilDue(nowNanos);
    }

    /** Sends what it can, and closes at the given time at the latest. To be called after all clients have closed. */
    void beginClose(long deadlineNanos) {
        delivery.beginClose(deadlineNanos);
    }

    void publish() {
        published = new ExporterStatistics(name, delivery.counts(), delivery.lastExport());
    }

    /** For any thread: what was published last. */
    ExporterStatistics published() {
        return published;
    }
}
