package io.github.databrickstelemetry.metrics;

import io.github.databrickstelemetry.aggregate.DropReason;
import io.github.databrickstelemetry.breaker.BreakerStatus.BreakerState;
import io.github.databrickstelemetry.client.ClientStatus;
import io.github.databrickstelemetry.event.EventType;
import io.github.databrickstelemetry.export.ExportResult.Outcome;
import io.github.databrickstelemetry.flag.FlagState.FlagStatus;
import io.github.databrickstelemetry.metrics.HostViews.View;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;

/** The meters of telemetry itself for one host tag in one registry. All exist from the start. Thread-safe. */
final class HostMeters {

    private static final String PREFIX = "databricks.telemetry.";

    private final MeterRegistry registry;
    private final HostViews views;
    private final String tag;
    private final LongSupplier epochMillis;
    private final long openedAtMillis;
    private final Map<Outcome, Timer> exports = new EnumMap<>(Outcome.class);

    /** Registers the meters. The caller keeps this object: a registry references it weakly. */
    HostMeters(MeterRegistry registry, HostViews views, String tag, LongSupplier epochMillis) {
        this.registry = registry;
        this.views = views;
        this.tag = tag;
        this.epochMillis = epochMillis;
        this.openedAtMillis = epochMillis.getAsLong();
        for (EventType type : EventType.values()) {
            counter("events", "Events by type", "type", type.text(), view -> view.emitted(type));
        }
        String received = "Metrics that the service received";
        counter(
                "metrics",
                received,
                "outcome",
                "delivered",
                view -> view.totals().metrics().delivered());
        counter(
                "metrics",
                received,
                "outcome",
                "rejected",
                view -> view.totals().metrics().rejected());
        for (DropReason reason : DropReason.values()) {
            String description = "Events and metrics that were not delivered";
            counter("dropped", description, "reason", reason.text(), view -> view.dropped(reason));
        }
        gauge(
                "queue",
                "Events that wait for the worker",
                view -> view.totals().events().queued());
        gauge(
                "pending",
                "Metrics that wait to be sent",
                view -> view.totals().metrics().pending()
                        + view.totals().metrics().inFlight());
        gauge(
                "statements.inflight",
                "Statements that are open",
                view -> view.totals().statements().inFlight());
        for (BreakerState state : BreakerState.values()) {
            String description = "1 for the state of the host's circuit breaker";
            gauge("circuitbreaker.state", description, view -> view.hosts(state), "state", word(state));
        }
        for (FlagStatus status : FlagStatus.values()) {
            String description = "1 for the state of the host's feature flag";
            gauge("flag.state", description, view -> view.hosts(status), "state", word(status));
        }
        for (ClientStatus status : ClientStatus.values()) {
            String description = "Clients of the host by status";
            gauge("client.status", description, view -> view.clients(status), "state", word(status));
        }
        Gauge.builder(PREFIX + "last.success.age", this, HostMeters::lastSuccessAgeSeconds)
                .description("Seconds since the service last received a metric, or since the host's first connection")
                .baseUnit("seconds")
                .tags("host", tag)
                .register(registry);
        for (Outcome outcome : Outcome.values()) {
            exports.put(
                    outcome,
                    Timer.builder(PREFIX + "export")
                            .description("Exports of metrics, retries included")
                            .tags("host", tag, "outcome", word(outcome))
                            .register(registry));
        }
    }

    void recordExport(Outcome outcome, long nanos) {
        Timer timer = exports.get(outcome);
        if (timer != null) {
            timer.record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    private double lastSuccessAgeSeconds() {
        long since = Math.max(openedAtMillis, views.view(tag).lastSuccessMillis());
        return Math.max(0, epochMillis.getAsLong() - since) / 1000.0;
    }

    private void counter(String name, String description, String key, String value, ToDoubleFunction<View> count) {
        FunctionCounter.builder(PREFIX + name, this, meters -> count.applyAsDouble(meters.views.view(meters.tag)))
                .description(description)
                .tags("host", tag, key, value)
                .register(registry);
    }

    private void gauge(String name, String description, ToDoubleFunction<View> value, String... tags) {
        Gauge.builder(PREFIX + name, this, meters -> value.applyAsDouble(meters.views.view(meters.tag)))
                .description(description)
                .tags("host", tag)
                .tags(tags)
                .register(registry);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
