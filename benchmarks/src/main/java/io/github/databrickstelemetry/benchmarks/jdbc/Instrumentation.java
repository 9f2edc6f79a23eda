package io.github.databrickstelemetry.benchmarks.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;

/** One way to observe a data source. Closed at the end of a trial. */
interface Instrumentation extends AutoCloseable {

    /** Puts itself around a data source that is no pool. */
    DataSource wrap(DataSource dataSource);

    /** A pool of two over a data source, observed as this instrumentation's documentation says. */
    default DataSource pool(DataSource dataSource) {
        return wrap(new HikariDataSource(poolConfig(dataSource)));
    }

    /** Begins a request on the calling thread, whose statements belong to it. Ends with its close, on the same thread. */
    default AutoCloseable request() {
        return () -> {};
    }

    /** Events or spans lost so far, of how many. */
    default String losses() {
        return "0/0";
    }

    @Override
    default void close() {}

    static HikariConfig poolConfig(DataSource dataSource) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(dataSource);
        config.setMaximumPoolSize(2);
        return config;
    }

    static Instrumentation named(String name) {
        return switch (name) {
            case "bare" -> dataSource -> dataSource;
            case "oursDisabled" -> Ours.disabled();
            case "ours" -> Ours.engine();
            case "oursMetrics" -> Ours.metrics();
            case "oursTraced" -> Ours.traced();
            case "datasourceProxy" -> new Peers.DatasourceProxy();
            case "datasourceMicrometer" -> Peers.DatasourceMicrometer.metrics();
            case "datasourceMicrometerTraced" -> Peers.DatasourceMicrometer.traced();
            case "p6spy" -> new Peers.P6Spy();
            case "openTelemetry" -> new Peers.OpenTelemetryJdbc(false);
            case "openTelemetryTraced" -> new Peers.OpenTelemetryJdbc(true);
            default -> throw new IllegalArgumentException(name);
        };
    }
}
