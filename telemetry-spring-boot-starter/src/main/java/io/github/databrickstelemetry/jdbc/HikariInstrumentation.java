package io.github.databrickstelemetry.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.PropertyElf;
import com.zaxxer.hikari.util.UtilityElf;
import io.github.databrickstelemetry.jdbc.DataSourceStatus.DriverTelemetry;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Gives a HikariCP pool that has not started an observed data source to open its connections with, so that the pool
 * itself stays what it is. Touched only where HikariCP is on the class path.
 */
final class HikariInstrumentation {

    private HikariInstrumentation() {}

    static boolean isHikari(DataSource dataSource) {
        return dataSource instanceof HikariDataSource;
    }

    static boolean hasStarted(DataSource dataSource) {
        return ((HikariDataSource) dataSource).getHikariPoolMXBean() != null;
    }

    /** Whether it is, or stands for, a pool that opens its connections with an observed data source already. */
    static boolean isInstrumented(DataSource dataSource) throws SQLException {
        HikariDataSource pool;
        if (dataSource instanceof HikariDataSource hikari) {
            pool = hikari;
        } else if (dataSource.isWrapperFor(HikariDataSource.class)) {
            pool = dataSource.unwrap(HikariDataSource.class);
        } else {
            return false;
        }
        return pool != null && pool.getDataSource() instanceof InstrumentedDataSource;
    }

    static JdbcSource source(DataSource dataSource) {
        HikariDataSource pool = (HikariDataSource) dataSource;
        Properties properties = new Properties();
        JdbcSourceReader.copy(pool.getDataSourceProperties(), properties);
        DataSource given = pool.getDataSource();
        if (given != null) {
            JdbcSource below = JdbcSourceReader.read(given);
            JdbcSourceReader.copy(below.properties(), properties);
            return new JdbcSource(
                    below.url(),
                    pool.getUsername() == null ? below.user() : pool.getUsername(),
                    pool.getPassword() == null ? below.password() : pool.getPassword(),
                    properties);
        }
        String url = pool.getDataSourceClassName() == null ? pool.getJdbcUrl() : url(properties);
        return new JdbcSource(url, pool.getUsername(), pool.getPassword(), properties);
    }

    private static @Nullable String url(Properties properties) {
        for (String name : new String[] {"url", "URL"}) {
            if (properties.getProperty(name) != null) {
                return properties.getProperty(name);
            }
        }
        return null;
    }

    /** Instruments the pool; says what became of the driver's own telemetry. Throws when the pool is to be left alone. */
    static DriverTelemetry instrument(DataSource dataSource, ObservedDataSource observed, ConnectionObserver observer) {
        HikariDataSource pool = (HikariDataSource) dataSource;
        Map<String, String> overrides = observed.driverOverrides();
        DriverTelemetry telemetry = overrides.isEmpty() ? DriverTelemetry.UNCHANGED : DriverTelemetry.REPLACED;
        DataSource given = pool.getDataSource();
        if (given != null) {
            pool.setDataSource(new ObservingDataSource(given, observer));
            return overrides.isEmpty() ? DriverTelemetry.UNCHANGED : DriverTelemetry.LEFT;
        }
        if (pool.getDataSourceClassName() != null) {
            Properties properties = new Properties();
            properties.putAll(pool.getDataSourceProperties());
            String url = url(properties);
            if (url != null && !overrides.isEmpty()) {
                String name = properties.containsKey("url") ? "url" : "URL";
                properties.setProperty(name, observed.adapter().overriding(url, overrides));
            } else if (!overrides.isEmpty()) {
                telemetry = DriverTelemetry.LEFT;
            }
            DataSource made = UtilityElf.createInstance(pool.getDataSourceClassName(), DataSource.class);
            PropertyElf.setTargetFromProperties(made, properties);
            pool.setDataSource(new ObservingDataSource(made, observer));
            // HikariCP would warn that it ignores the class name.
            pool.setDataSourceClassName(null);
            return telemetry;
        }
        if (pool.getJdbcUrl() == null) {
            throw new IllegalStateException("neither a URL nor a data source class");
        }
        pool.setDataSource(new ObservingDataSource(new HikariTarget(pool, observed.adapter(), overrides), observer));
        return telemetry;
    }

    /** In place of a pool that has started. */
    static DataSource replaceStarted(DataSource dataSource, ConnectionObserver observer) {
        return new StartedHikariDataSource((HikariDataSource) dataSource, observer);
    }

    /** Whether a started pool can be replaced without losing what a subclass of the application's adds. */
    static boolean isPlain(DataSource dataSource) {
        return dataSource.getClass() == HikariDataSource.class;
    }
}
