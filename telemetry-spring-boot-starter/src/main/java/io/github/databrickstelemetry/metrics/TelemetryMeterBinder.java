package io.github.databrickstelemetry.metrics;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.SessionMetric;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.StatementMetric;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.client.TelemetryListener;
import io.github.databrickstelemetry.event.LocalDetails;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.insight.ConnectionFailures;
import io.github.databrickstelemetry.insight.FinishedStatement;
import io.github.databrickstelemetry.insight.StatementTotals;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Binds the meters of statements, connections and telemetry itself to registries. Thread-safe. Never throws: what a
 * registry or a filter throws ends in the guard.
 *
 * <p>Statements, opened connections and exports are recorded on threads of the engine. Everything else is counted
 * elsewhere and read when a registry asks.
 */
public final class TelemetryMeterBinder implements MeterBinder, TelemetryListener {

    /** One scrape reads some hundred meters: they share a snapshot. */
    private static final Duration MAX_AGE = Duration.ofMillis(500);

    private final TelemetryClientProvider provider;
    private final StatementTotals totals;
    private final ConnectionFailures connectionFailures;
    private final Supplier<List<String>> dataSources;
    private final Guard guard;
    private final TotalsByTag hostTotals;
    private final LongSupplier epochMillis;
    private final Set<String> hosts = ConcurrentHashMap.newKeySet();
    private final List<BoundRegistry> registries = new CopyOnWriteArrayList<>();

    private record BoundRegistry(MeterRegistry registry, StatementMeters statements, Map<String, HostMeters> hosts) {}

    /**
     * @param totals sums by data source, kept by a listener of their own
     * @param connectionFailures counted by the threads that connect
     * @param dataSources names of the instrumented data sources, whose meters exist before their first statement
     */
    public TelemetryMeterBinder(
            TelemetryClientProvider provider,
            StatementTotals totals,
            ConnectionFailures connectionFailures,
            Supplier<List<String>> dataSources,
            Guard guard) {
        this(provider, totals, connectionFailures, dataSources, guard, MAX_AGE, System::currentTimeMillis);
    }

    TelemetryMeterBinder(
            TelemetryClientProvider provider,
            StatementTotals totals,
            ConnectionFailures connectionFailures,
            Supplier<List<String>> dataSources,
            Guard guard,
            Duration maxAge,
            LongSupplier epochMillis) {
        this.provider = provider;
        this.totals = totals;
        this.connectionFailures = connectionFailures;
        this.dataSources = dataSources;
        this.guard = guard;
        this.hostTotals = new TotalsByTag(provider::totals, maxAge.toNanos());
        this.epochMillis = epochMillis;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        guard.run("registering meters", () -> bind(registry));
    }

    private void bind(MeterRegistry registry) {
        FunctionCounter.builder("databricks.telemetry.swallowed", provider, TelemetryClientProvider::swallowed)
                .description("Failures of telemetry itself that were swallowed")
                .register(registry);
        BoundRegistry bound =
                new BoundRegistry(registry, new StatementMeters(registry, totals), new ConcurrentHashMap<>());
        registries.add(bound);
        connectionFailures.follow((error, count) ->
                guard.run("registering meters", () -> bound.statements.failedConnections(error, count)));
        dataSources.get().forEach(bound.statements::dataSource);
        provider.clients().forEach(this::onOpen);
        hosts.forEach(tag -> meters(bound, tag));
    }

    @Override
    public void onOpen(TelemetryClient client) {
        String tag = hostTotals.tag(client.host());
        hosts.add(tag);
        each(bound -> meters(bound, tag));
    }

    @Override
    public void onMetric(String host, TelemetryMetric metric) {
        if (metric instanceof SessionMetric session && session.operation() == OperationType.CREATE_SESSION) {
            each(bound -> bound.statements.connectionOpened());
        }
    }

    @Override
    public void onStatement(String host, StatementMetric metric, LocalDetails local) {
        FinishedStatement statement = new FinishedStatement(host, metric, local);
        each(bound -> bound.statements.record(statement));
    }

    @Override
    public void onExport(String host, ExportResult result, long durationNanos) {
        each(bound -> meters(bound, hostTotals.tag(host)).recordExport(result.outcome(), durationNanos));
    }

    private HostMeters meters(BoundRegistry bound, String tag) {
        return bound.hosts.computeIfAbsent(
                tag, ignored -> new HostMeters(bound.registry, () -> hostTotals.of(tag), tag, epochMillis));
    }

    private void each(Consumer<BoundRegistry> action) {
        for (BoundRegistry bound : registries) {
            guard.run("recording meters", () -> action.accept(bound));
        }
    }
}
