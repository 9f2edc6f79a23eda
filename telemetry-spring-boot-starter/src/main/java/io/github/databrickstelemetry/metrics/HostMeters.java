package io.github.databrickstelemetry.metrics;

import io.github.databrickstelemetry.aggregate.DropReason;
import io.github.databrickstelemetry.breaker.BreakerStatus.BreakerState;
import io.github.databrickstelemetry.client.ClientStatus;
import io.github.databrickstelemetry.client.HostTotals;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.event.EventType;
import io.github.databrickstelemetry.export.ExportResult.Outcome;
import io.github.databrickstelemetry.flag.FlagState.FlagStatus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The meters of telemetry itself for one host tag in one registry. All exist from the start. Thread-safe. */
final class HostMeters {

    private static final String PREFIX = "databricks.telemetry.";

    private final MeterRegistry registry;
    private final Supplier<HostTotals> totals;
    private final String tag;
    private final LongSupplier epochMillis;
    private final long openedAtMillis;

    /** Registers the meters. The caller keeps this object: a registry references it weakly. */
    HostMeters(MeterRegistry registry, Supplier<HostTotals> totals, String tag, LongSupplier epochMillis) {
        this.registry = registry;
        this.totals = totals;
        this.tag = tag;
        this.epochMillis = epochMillis;
        this.openedAtMillis = epochMillis.getAsLong();
        for (EventType type : EventType.values()) {
            counter(
                    "events",
                    "Events by type",
                    "type",
                    type.text(),
                    host -> count(host.events().byType(), type));
        }
        String received = "Metrics that the service received";
        counter(
                "metrics",
                received,
                "outcome",
                "delivered",
                host -> host.metrics().delivered());
        counter(
                "metrics",
                received,
                "outcome",
                "rejected",
                host -> host.metrics().rejected());
        for (DropReason reason : DropReason.values()) {
            String description = "Events and metrics that were not delivered";
            counter(
                    "dropped",
                    description,
                    "reason",
                    reason.text(),
                    host -> count(host.events().dropped(), reason)
                            + count(host.metrics().dropped(), reason));
        }
        gauge("queue", "Events that wait for the worker", host -> host.events().queued());
        gauge(
                "pending",
                "Metrics that wait to be sent",
                host -> host.metrics().pending() + host.metrics().inFlight());
        gauge(
                "statements.inflight",
                "Statements that are open",
                host -> host.statements().inFlight());
        hostsByState(
                "circuitbreaker.state",
                "1 for the state of the host's circuit breaker",
                BreakerState.values(),
                client -> client.breaker().state());
        hostsByState(
                "flag.state",
                "1 for the state of the host's feature flag",
                FlagStatus.values(),
                client -> client.flag().status());
        for (ClientStatus status : ClientStatus.values()) {
            String description = "Clients of the host by status";
            gauge(
                    "client.status",
                    description,
                    host -> host.clients().stream()
                            .filter(client -> client.status() == status)
                            .count(),
                    "state",
                    word(status));
        }
        Gauge.builder(PREFIX + "last.success.age", this, HostMeters::lastSuccessAgeSeconds)
                .description("Seconds since the service last received a metric, or since the host's first connection")
                .baseUnit("seconds")
                .tags("host", tag)
                .register(registry);
        for (Outcome outcome : Outcome.values()) {
            exports(outcome);
        }
    }

    void recordExport(Outcome outcome, long nanos) {
        exports(outcome).record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer exports(Outcome outcome) {
        return Timer.builder(PREFIX + "export")
                .description("Exports of metrics, retries included")
                .tags("host", tag, "outcome", word(outcome))
                .register(registry);
    }

    private static <K> long count(Map<K, Long> counts, K key) {
        return counts.getOrDefault(key, 0L);
    }

    private double lastSuccessAgeSeconds() {
        long since = totals.get().clients().stream()
                .mapToLong(client -> client.lastExport().successMillis())
                .reduce(openedAtMillis, Math::max);
        return Math.max(0, epochMillis.getAsLong() - since) / 1000.0;
    }

    private void counter(
            String name, String description, String key, String value, ToDoubleFunction<HostTotals> count) {
        FunctionCounter.builder(PREFIX + name, this, meters -> count.applyAsDouble(meters.totals.get()))
                .description(description)
                .tags("host", tag, key, value)
                .register(registry);
    }

    private void gauge(String name, String description, ToDoubleFunction<HostTotals> value, String... tags) {
        Gauge.builder(PREFIX + name, this, meters -> value.applyAsDouble(meters.totals.get()))
                .description(description)
                .tags("host", tag)
                .tags(tags)
                .register(registry);
    }

    /** Counts hosts, as the clients of a host share its breaker and its flag. */
    private <S extends Enum<S>> void hostsByState(
            String name, String description, S[] states, Function<TelemetryStatistics, S> stateOf) {
        for (S state : states) {
            ToDoubleFunction<HostTotals> hosts = totals -> totals.clients().stream()
                    .filter(client -> stateOf.apply(client) == state)
                    .map(TelemetryStatistics::host)
                    .distinct()
                    .count();
            gauge(name, description, hosts, "state", word(state));
        }
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
