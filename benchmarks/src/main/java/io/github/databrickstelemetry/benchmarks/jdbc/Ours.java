package io.github.databrickstelemetry.benchmarks.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.github.databrickstelemetry.benchmarks.engine.Engines;
import io.github.databrickstelemetry.benchmarks.engine.Insight;
import io.github.databrickstelemetry.benchmarks.engine.OpenTelemetry;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.engine.internal.TelemetryEngine;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.LocalDetails.LocalDataSource;
import io.github.databrickstelemetry.insight.TraceContexts;
import io.github.databrickstelemetry.jdbc.DriverAdapter;
import io.github.databrickstelemetry.jdbc.LocalContext;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceDescription;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceTelemetryPostProcessor;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.micrometer.tracing.Tracer;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Ours as the starter does it: the same post-processor, the whole engine, and an exporter that only counts, as the
 * no-op exporter of OpenTelemetry does. Disabled means that nothing is to be observed.
 */
final class Ours implements Instrumentation {

    private static final String NAME = "dataSource";

    private final TelemetryEngine engine = Engines.counting();
    private final @Nullable OpenTelemetry openTelemetry;
    private final DataSourceTelemetryPostProcessor postProcessor;

    /** Nothing is instrumented. */
    static Ours disabled() {
        return new Ours(false, false, null);
    }

    /** What the workspace gets, without insight. */
    static Ours engine() {
        return new Ours(true, false, null);
    }

    /** With meters and recent statements. */
    static Ours metrics() {
        return new Ours(true, true, null);
    }

    /** With meters, recent statements, and a span for each statement. */
    static Ours traced() {
        return new Ours(true, true, new OpenTelemetry());
    }

    private Ours(boolean enabled, boolean insight, @Nullable OpenTelemetry openTelemetry) {
        this.openTelemetry = openTelemetry;
        Tracer tracer = openTelemetry == null ? null : openTelemetry.tracer();
        TraceContexts traces = insight ? Insight.add(engine, NAME, tracer) : TraceContexts.NONE;
        LocalContext context = new LocalContext(traces::get, false, false, failure -> {});
        TelemetryTarget target = Engines.target("stub.example.com", 1);
        DataSourceDescription observed = new DataSourceDescription(
                target.host(),
                () -> target,
                ConnectionDetails.UNKNOWN,
                new LocalDataSource(NAME, null, null, null),
                () -> context,
                DriverAdapter.NONE,
                Map.of(),
                Map.of());
        this.postProcessor = new DataSourceTelemetryPostProcessor(
                () -> (beanName, source) -> enabled ? observed : null,
                () -> engine,
                new Guard(LoggerFactory.getLogger(DataSourceTelemetryPostProcessor.class)));
    }

    /** By code: the class of the stub is final, and a bean of such a class would be left alone. */
    @Override
    public DataSource wrap(DataSource dataSource) {
        return postProcessor.instrument(NAME, dataSource);
    }

    /** The pool has not started when the post-processor sees it, as in an application. */
    @Override
    public DataSource pool(DataSource dataSource) {
        HikariDataSource pool = new HikariDataSource();
        Instrumentation.poolConfig(dataSource).copyStateTo(pool);
        return wrap(pool);
    }

    @Override
    public AutoCloseable request() {
        return openTelemetry == null ? Instrumentation.super.request() : openTelemetry.request();
    }

    @Override
    public String losses() {
        long dropped = 0;
        long emitted = 0;
        for (TelemetryClient client : engine.clients()) {
            TelemetryStatistics statistics = client.statistics();
            emitted += statistics.events().emitted();
            dropped += statistics.events().dropped().values().stream()
                            .mapToLong(Long::longValue)
                            .sum()
                    + statistics.metrics().dropped().values().stream()
                            .mapToLong(Long::longValue)
                            .sum();
        }
        return dropped + "/" + emitted + (openTelemetry == null ? "" : ", spans " + openTelemetry.exported());
    }

    @Override
    public void close() {
        engine.close();
        if (openTelemetry != null) {
            openTelemetry.close();
        }
    }
}
