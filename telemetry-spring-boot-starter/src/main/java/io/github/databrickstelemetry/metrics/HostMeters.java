package io.github.databrickstelemetry.metrics;

import io.github.databrickstelemetry.aggregate.DropReason;
import io.github.databrickstelemetry.breaker.BreakerState;
import io.github.databrickstelemetry.client.ClientStatus;
import io.github.databrickstelemetry.event.EventType;
import io.github.databrickstelemetry.export.ExportResult.Outcome;
import io.github.databrickstelemetry.flag.FlagStatus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
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
            counter(
                    "events",
                    "Events by type",
                    "type",
                    type.text(),
                    view -> view.events().byType().getOrDefault(type, 0L));
        }
        counter(
                "metrics",
                "Metrics that the service received",
                "outcome",
                "delivered",
                view -> view.metrics().delivered());
        counter(
                "metrics",
                "Metrics that the service received",
                "outcome",
                "rejected",
                view -> view.metrics().rejected());
        for (DropReason reason : DropReason.values()) {
            counter(
                    "dropped",
                    "Events and metrics that were not delivered",
                    "reason",
                    reason.text(),
                    view -> view.dropped(reason));
        }
        gauge("queue", "Events that wait for the worker", view -> view.events().queued());
        gauge(
                "pending",
                "Metrics that wait to be sent",
                view -> view.metrics().pending() + view.metrics().inFlight());
        gauge(
                "statements.inflight",
                "Statements that are open",
                view -> view.statements().inFlight());
        for (BreakerState state : BreakerState.values()) {
            gauge(
                    "circuitbreaker.state",
                    "1 for the state of the host's circuit breaker",
                    word(state),
                    view -> view.hosts(state));
        }
        for (FlagStatus status : FlagStatus.values()) {
            gauge("flag.state", "1 for the state of the host's feature flag", word(status), view -> view.hosts(status));
        }
        for (ClientStatus status : ClientStatus.values()) {
            gauge("client.status", "Clients of the host by status", word(status), view -> view.clients(status));
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

    private void counter(String name, String description, String key, String value, ToDoubleFunction<HostView> count) {
        FunctionCounter.builder(PREFIX + name, this, meters -> count.applyAsDouble(meters.views.view(meters.tag)))
                .description(description)
                .tags("host", tag, key, value)
                .register(registry);
    }

    private void gauge(String name, String description, ToDoubleFunction<HostView> value) {
        gauge(name, description, Tags.empty(), value);
    }

    private void gauge(String name, String description, String state, ToDoubleFunction<HostView> value) {
        gauge(name, description, Tags.of("state", state), value);
    }

    private void gauge(String name, String description, Tags tags, ToDoubleFunction<HostView> value) {
        Gauge.builder(PREFIX + name, this, meters -> value.applyAsDouble(meters.views.view(meters.tag)))
                .description(description)
                .tags(tags.and("host", tag))
                .register(registry);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
