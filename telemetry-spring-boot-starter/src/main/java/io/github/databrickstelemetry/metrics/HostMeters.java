package io.github.databrickstelemetry.metrics;

import io.github.databrickstelemetry.aggregate.DropReason;
import io.github.databrickstelemetry.breaker.BreakerState;
import io.github.databrickstelemetry.event.EventType;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.export.ExportResult.Outcome;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** All meters of one host tag in one registry. Thread-safe. */
final class HostMeters {

    private record StatementKey(OperationType operation, boolean failed) {}

    private final MeterRegistry registry;
    private final HostAccounts accounts;
    private final Tags host;
    private final Map<Outcome, Timer> exports = new ConcurrentHashMap<>();
    private final Map<StatementKey, Timer> statements = new ConcurrentHashMap<>();

    HostMeters(MeterRegistry registry, String host, HostAccounts accounts) {
        this.registry = registry;
        this.accounts = accounts;
        this.host = Tags.of("host", host);
    }

    /** Registers those that show what is counted elsewhere. */
    HostMeters bind() {
        for (EventType type : EventType.values()) {
            counter(
                    "events",
                    "Events by kind",
                    Tags.of("type", type.text()),
                    a -> totals(a).events(type));
        }
        counter(
                "metrics",
                "Metrics that the service answered",
                outcome("delivered"),
                a -> totals(a).delivered());
        counter(
                "metrics",
                "Metrics that the service answered",
                outcome("rejected"),
                a -> totals(a).rejected());
        for (DropReason reason : DropReason.values()) {
            counter(
                    "dropped",
                    "Events and metrics that were not delivered",
                    Tags.of("reason", reason.text()),
                    a -> totals(a).dropped(reason));
        }
        gauge(
                "queue",
                "Events that wait to be aggregated",
                Tags.empty(),
                a -> a.view().queued());
        gauge(
                "pending",
                "Metrics that wait to be sent",
                Tags.empty(),
                a -> a.view().pending());
        gauge(
                "statements.inflight",
                "Statements that are open",
                Tags.empty(),
                a -> a.view().statements());
        for (BreakerState state : BreakerState.values()) {
            gauge(
                    "circuitbreaker.state",
                    "1 for the state that the host's circuit breaker is in",
                    Tags.of("state", word(state)),
                    a -> a.hosts(state));
        }
        return this;
    }

    void recordExport(Outcome outcome, long nanos) {
        exports.computeIfAbsent(outcome, this::exportTimer).record(nanos, TimeUnit.NANOSECONDS);
    }

    void recordStatement(OperationType operation, boolean failed, long nanos) {
        statements
                .computeIfAbsent(new StatementKey(operation, failed), this::statementTimer)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer exportTimer(Outcome outcome) {
        return Timer.builder("databricks.telemetry.export")
                .description("Exports of telemetry, retries included")
                .tags(host.and(outcome(word(outcome))))
                .register(registry);
    }

    private Timer statementTimer(StatementKey key) {
        return Timer.builder("databricks.sql.statement")
                .description("Databricks SQL statements, from the execute call until it returned")
                .tags(host.and("operation", word(key.operation)).and(outcome(key.failed ? "failure" : "success")))
                .register(registry);
    }

    private void counter(String name, String description, Tags tags, ToDoubleFunction<HostAccounts> count) {
        FunctionCounter.builder("databricks.telemetry." + name, accounts, count)
                .description(description)
                .tags(host.and(tags))
                .register(registry);
    }

    private void gauge(String name, String description, Tags tags, ToDoubleFunction<HostAccounts> value) {
        Gauge.builder("databricks.telemetry." + name, accounts, value)
                .description(description)
                .tags(host.and(tags))
                .register(registry);
    }

    private static Totals totals(HostAccounts accounts) {
        return accounts.view().totals();
    }

    private static Tags outcome(String outcome) {
        return Tags.of("outcome", outcome);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
