package io.github.databrickstelemetry.jdbc.datasource;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.DriverDataSource;
import io.github.databrickstelemetry.jdbc.delegate.ForwardingDataSource;
import java.util.Objects;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/**
 * What HikariCP would make for itself of a JDBC URL, made by HikariCP's own class, so that the driver is found and called
 * as it would be without us; only its properties, and a URL that would beat them, may carry driver settings that the bean
 * does not show. Thread-safe.
 *
 * <p>A pool may still be configured until it starts; so what it says is compared whenever a connection is opened.
 */
final class HikariTarget extends ForwardingDataSource {

    private record Made(String url, @Nullable String driverClassName, Properties properties, DataSource dataSource) {}

    private final HikariDataSource pool;
    private final DriverOverrides overrides;
    private volatile @Nullable Made made;

    /**
     * Throws what HikariCP would throw at its start when there is no driver for the URL. A driver that is named and
     * there is not touched before the first connection, so that the application's start does not wait for its classes.
     */
    HikariTarget(HikariDataSource pool, DriverOverrides overrides) {
        this.pool = pool;
        this.overrides = overrides;
        String driver = pool.getDriverClassName();
        this.made = driver != null && ClassUtils.isPresent(driver, getClass().getClassLoader()) ? null : make();
    }

    @Override
    protected DataSource target() {
        Made current = made;
        if (current == null
                || !current.url.equals(pool.getJdbcUrl())
                || !Objects.equals(current.driverClassName, pool.getDriverClassName())
                || !current.properties.equals(pool.getDataSourceProperties())) {
            current = make();
            made = current;
        }
        return current.dataSource;
    }

    private Made make() {
        String url = pool.getJdbcUrl();
        Properties properties = new Properties();
        properties.putAll(pool.getDataSourceProperties());
        return new Made(
                url,
                pool.getDriverClassName(),
                properties,
                new DriverDataSource(
                        overrides.url(url),
                        pool.getDriverClassName(),
                        overrides.properties(properties, url),
                        pool.getUsername(),
                        pool.getPassword()));
    }
}
