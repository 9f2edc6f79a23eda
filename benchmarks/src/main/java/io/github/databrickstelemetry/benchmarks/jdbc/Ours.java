package io.github.databrickstelemetry.benchmarks.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.github.databrickstelemetry.benchmarks.engine.Engines;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.engine.internal.TelemetryEngine;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.jdbc.DriverAdapter;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceDescription;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceTelemetryPostProcessor;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import java.util.Map;
import javax.sql.DataSource;

/**
 * Ours as the starter does it: the same post-processor, the whole engine, and an exporter that only counts, as the
 * no-op exporter of OpenTelemetry does. Disabled means that nothing is to be observed.
 */
final class Ours implements Instrumentation {

    private final TelemetryEngine engine = Engines.counting();
    private final DataSourceTelemetryPostProcessor postProcessor;

    Ours(boolean enabled) {
        TelemetryTarget target = Engines.target("stub.example.com", 1);
        DataSourceDescription observed = new DataSourceDescription(
                "dataSource",
                target.host(),
                () -> target,
                () -> ConnectionDetails.UNKNOWN,
                DriverAdapter.NONE,
                Map.of());
        this.postProcessor = new DataSourceTelemetryPostProcessor(
                () -> (beanName, source) -> enabled ? observed : null, () -> engine);
    }

    /** By code: the class of the stub is final, and a bean of such a class would be left alone. */
    @Override
    public DataSource wrap(DataSource dataSource) {
        return postProcessor.instrument("dataSource", dataSource);
    }

    /** The pool has not started when the post-processor sees it, as in an application. */
    @Override
    public DataSource pool(DataSource dataSource) {
        HikariDataSource pool = new HikariDataSource();
        Instrumentation.poolConfig(dataSource).copyStateTo(pool);
        return wrap(pool);
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
        return dropped + "/" + emitted;
    }

    @Override
    public void close() {
        engine.close();
    }
}
