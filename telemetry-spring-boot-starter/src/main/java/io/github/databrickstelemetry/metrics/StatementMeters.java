package io.github.databrickstelemetry.metrics;

import io.github.databrickstelemetry.insight.BoundedNames;
import io.github.databrickstelemetry.insight.FinishedStatement;
import io.github.databrickstelemetry.insight.StatementTotals;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The meters of statements and connections in one registry. Those that an alert needs exist as soon as their data source
 * is known. The number of series is bounded. Recording is up to the engine's worker; registering may be done by any
 * thread.
 */
final class StatementMeters {

    private static final String NONE = "none";
    private static final String DATA_SOURCE = "databricks.data_source";
    private static final String CONNECTIONS = "databricks.sql.connections";
    private static final String CONNECTIONS_DESCRIPTION = "Physical connections";
    private static final Duration[] BUCKETS = Arrays.stream(StatementTotals.boundsMillis())
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final StatementTotals totals;
    private final BoundedNames addresses = new BoundedNames();
    private final BoundedNames warehouses = new BoundedNames();
    private final BoundedNames errors = new BoundedNames();
    private final Map<String, DataSourceMeters> dataSources = new ConcurrentHashMap<>();
    private final Map<Operation, Timer> operations = new HashMap<>();
    private final Counter openedConnections;

    /** The tags of a duration that differ from statement to statement. */
    private record Operation(
            String address,
            String dataSource,
            @Nullable String warehouse,
            String operation,
            @Nullable String error) {}

    record DataSourceMeters(
            String name, Timer execute, Timer poll, Timer download, Timer consume, DistributionSummary chunks) {}

    StatementMeters(MeterRegistry registry, StatementTotals totals) {
        this.registry = registry;
        this.totals = totals;
        this.openedConnections = Counter.builder(CONNECTIONS)
                .description(CONNECTIONS_DESCRIPTION)
                .tags("outcome", "opened", "error.type", NONE)
                .register(registry);
    }

    void record(FinishedStatement statement) {
        DataSourceMeters meters = dataSource(statement.dataSource().name());
        if (statement.executeNanos() > 0 || statement.failed()) {
            // Of a statement that was open at the end, no duration is known.
            duration(meters.name, statement).record(statement.executeNanos(), TimeUnit.NANOSECONDS);
            meters.execute.record(statement.executeNanos(), TimeUnit.NANOSECONDS);
        }
        recordIfKnown(meters.poll, statement.pollNanos());
        recordIfKnown(meters.download, statement.downloadNanos());
        recordIfKnown(meters.consume, statement.consumeNanos());
        if (statement.chunks() > 0) {
            meters.chunks.record((double) statement.chunks());
        }
    }

    private static void recordIfKnown(Timer timer, long nanos) {
        if (nanos > 0) {
            timer.record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    void connectionOpened() {
        openedConnections.increment();
    }

    /** Registers the counter of connections that failed with this class of exception. */
    void failedConnections(String errorType, LongAdder count) {
        FunctionCounter.builder(CONNECTIONS, count, LongAdder::sum)
                .description(CONNECTIONS_DESCRIPTION)
                .tags("outcome", "failed", "error.type", errorType)
                .register(registry);
    }

    private Timer duration(String dataSource, FinishedStatement statement) {
        String error = statement.errorType();
        String warehouse = statement.dataSource().warehouseId();
        Operation operation = new Operation(
                addresses.bound(statement.serverAddress()),
                dataSource,
                warehouse == null ? null : warehouses.bound(warehouse),
                statement.operation(),
                error == null ? null : errors.bound(error));
        Timer known = operations.get(operation);
        return known != null ? known : operations.computeIfAbsent(operation, this::registerDuration);
    }

    private Timer registerDuration(Operation key) {
        return Timer.builder("db.client.operation.duration")
                .description("Duration of database client operations")
                .tags(
                        "db.system.name",
                        FinishedStatement.DATABASE,
                        "server.address",
                        key.address,
                        DATA_SOURCE,
                        key.dataSource,
                        "databricks.warehouse.id",
                        key.warehouse == null ? NONE : key.warehouse,
                        "operation",
                        key.operation,
                        "outcome",
                        key.error == null ? "success" : "failure",
                        "error.type",
                        key.error == null ? NONE : key.error)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    /** The meters of a data source, which are registered with the first call. */
    DataSourceMeters dataSource(String dataSource) {
        String name = totals.name(dataSource);
        DataSourceMeters known = dataSources.get(name);
        return known != null ? known : dataSources.computeIfAbsent(name, this::registerDataSource);
    }

    private DataSourceMeters registerDataSource(String name) {
        statements(name, "success", of -> of.finished() - of.failed());
        statements(name, "failure", StatementTotals.Totals::failed);
        return new DataSourceMeters(
                name,
                phase(name, "execute"),
                phase(name, "poll"),
                phase(name, "download"),
                phase(name, "consume"),
                DistributionSummary.builder("databricks.sql.chunks")
                        .description("Chunks of a result")
                        .tags(DATA_SOURCE, name)
                        .register(registry));
    }

    private void statements(String dataSource, String outcome, ToDoubleFunction<StatementTotals.Totals> count) {
        FunctionCounter.builder("databricks.sql.statements", totals.of(dataSource), count)
                .description("Statements that ended")
                .tags(DATA_SOURCE, dataSource, "outcome", outcome)
                .register(registry);
    }

    private Timer phase(String dataSource, String phase) {
        return Timer.builder("databricks.sql.phase")
                .description("Phases of a statement")
                .tags(DATA_SOURCE, dataSource, "phase", phase)
                .register(registry);
    }
}
