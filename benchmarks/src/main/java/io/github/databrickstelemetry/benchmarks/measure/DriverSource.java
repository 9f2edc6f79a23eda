package io.github.databrickstelemetry.benchmarks.measure;

import io.github.databrickstelemetry.benchmarks.engine.Engines;
import io.github.databrickstelemetry.engine.internal.TelemetryEngine;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.LocalDetails.LocalDataSource;
import io.github.databrickstelemetry.jdbc.LocalContext;
import io.github.databrickstelemetry.jdbc.databricks.DatabricksDriverAdapter;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceDescription;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceTelemetryPostProcessor;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.workspace.CredentialSource;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The real driver's data source: bare, with the driver's own telemetry, or instrumented by ours. */
final class DriverSource implements AutoCloseable {

    /** Nanoseconds of one cycle. */
    record Cycle(long open, long select, long close, long cpu) {
        long whole() {
            return open + select + close;
        }
    }

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final DataSource dataSource;
    private final @Nullable TelemetryEngine engine;

    private DriverSource(DataSource dataSource, @Nullable TelemetryEngine engine) {
        this.dataSource = dataSource;
        this.engine = engine;
    }

    /** With {@code none}, {@code ours} or {@code driver}. */
    static DriverSource of(String telemetry, String url) {
        return switch (telemetry) {
            case "none" -> new DriverSource(new DriverManagerDataSource(url), null);
            case "driver" ->
                new DriverSource(
                        new DriverManagerDataSource(
                                url.replace("EnableTelemetry=0", "EnableTelemetry=1;ForceEnableTelemetry=1")),
                        null);
            case "ours" -> {
                TelemetryEngine engine = Engines.sending();
                yield new DriverSource(instrument(new DriverManagerDataSource(url), engine, url), engine);
            }
            default -> throw new IllegalArgumentException(telemetry);
        };
    }

    private static DataSource instrument(DataSource dataSource, TelemetryEngine engine, String url) {
        TelemetryTarget target = Engines.target("http://" + authority(url), new Token());
        DataSourceDescription description = new DataSourceDescription(
                target.host(),
                () -> target,
                ConnectionDetails.UNKNOWN,
                new LocalDataSource("dataSource", null, null, null),
                () -> LocalContext.NONE,
                new DatabricksDriverAdapter(),
                Map.of(),
                Map.of());
        DataSourceTelemetryPostProcessor postProcessor = new DataSourceTelemetryPostProcessor(
                () -> (beanName, source) -> description,
                () -> engine,
                new Guard(LoggerFactory.getLogger(DataSourceTelemetryPostProcessor.class)));
        Object before = postProcessor.postProcessBeforeInitialization(dataSource, "dataSource");
        return (DataSource) postProcessor.postProcessAfterInitialization(before, "dataSource");
    }

    /** Host and port of a JDBC URL. */
    static String authority(String url) {
        return URI.create(url.substring("jdbc:".length(), url.indexOf(';'))).getAuthority();
    }

    /** Open, {@code SELECT 1}, close. */
    Cycle cycle() throws SQLException {
        long cpu = THREADS.getCurrentThreadCpuTime();
        long begin = System.nanoTime();
        Connection connection = dataSource.getConnection();
        long opened = System.nanoTime();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT 1")) {
            rows.next();
            rows.getInt(1);
        }
        long read = System.nanoTime();
        connection.close();
        long closed = System.nanoTime();
        return new Cycle(opened - begin, read - opened, closed - read, THREADS.getCurrentThreadCpuTime() - cpu);
    }

    /** Closes our engine; the driver's own telemetry has nothing to close. */
    @Override
    public void close() {
        if (engine != null) {
            engine.close();
        }
    }

    private record Token() implements CredentialSource {
        @Override
        public String identity() {
            return "driver";
        }

        @Override
        public String authorization() {
            return "Bearer x";
        }
    }
}
