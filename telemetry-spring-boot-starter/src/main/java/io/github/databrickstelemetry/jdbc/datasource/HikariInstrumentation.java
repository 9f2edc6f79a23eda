package io.github.databrickstelemetry.jdbc.datasource;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import com.zaxxer.hikari.util.DriverDataSource;
import com.zaxxer.hikari.util.PropertyElf;
import com.zaxxer.hikari.util.UtilityElf;
import io.github.databrickstelemetry.jdbc.JdbcSource;
import io.github.databrickstelemetry.jdbc.delegate.ForwardingDataSource;
import java.lang.reflect.Method;
import java.sql.SQLException;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Gives a HikariCP pool that has not started an instrumented data source to open its connections with, so that the pool
 * itself stays what it is. Touched only where HikariCP is on the class path.
 */
final class HikariInstrumentation {

    private final HikariDataSource pool;

    /** What the pool was given to open its connections with, or what its class name stands for; null where it has a URL. */
    private final @Nullable DataSource below;

    HikariInstrumentation(DataSource dataSource) {
        this.pool = (HikariDataSource) dataSource;
        DataSource given = pool.getDataSource();
        if (given instanceof InstrumentingDataSource known) {
            given = known.target() instanceof Target ? null : known.target();
        }
        this.below = given == null && pool.getDataSourceClassName() != null ? made(pool) : given;
    }

    /** As HikariCP has made it at its start, or would make it. */
    private static DataSource made(HikariDataSource pool) {
        if (pool.getHikariPoolMXBean() instanceof HikariPool started) {
            return started.getUnwrappedDataSource();
        }
        DataSource made = UtilityElf.createInstance(pool.getDataSourceClassName(), DataSource.class);
        PropertyElf.setTargetFromProperties(made, pool.getDataSourceProperties());
        return made;
    }

    boolean hasStarted() {
        return pool.getHikariPoolMXBean() != null;
    }

    /** Whether it is, or stands for, a pool that opens its connections with an instrumented data source already. */
    static boolean isInstrumentedBelow(DataSource dataSource) throws SQLException {
        return dataSource.isWrapperFor(HikariDataSource.class)
                && dataSource.unwrap(HikariDataSource.class).getDataSource() instanceof InstrumentingDataSource below
                && !below.isEnded();
    }

    /** To a proxy that is a subclass: Spring Boot reads a pool's metrics from a private field. */
    static void copyPool(DataSource target, DataSource proxy) {
        Fields.set(HikariDataSource.class, "pool", proxy, Fields.get(HikariDataSource.class, "pool", target));
    }

    /** How the pool connects. Calls no code of the application. */
    JdbcSource source() {
        JdbcSource snapshot = source(pool.getUsername(), pool.getPassword());
        return JdbcSourceReader.withCurrent(
                snapshot, pool, alive -> new HikariInstrumentation(alive).sourceWithCredentials());
    }

    /** With the credentials of the pool's next connection, which the application may supply by code. */
    private JdbcSource sourceWithCredentials() {
        Object provider = get(pool, "getCredentialsProvider");
        Object credentials = get(provider == null ? pool : provider, "getCredentials");
        return credentials == null
                ? source(pool.getUsername(), pool.getPassword())
                : source(
                        get(credentials, "getUsername") instanceof String user ? user : null,
                        get(credentials, "getPassword") instanceof String password ? password : null);
    }

    /** HikariCP 5 has no credentials, and 6 no provider of them. */
    private static @Nullable Object get(Object of, String getter) {
        Method method = ClassUtils.getMethodIfAvailable(of.getClass(), getter);
        if (method == null) {
            return null;
        }
        ReflectionUtils.makeAccessible(method);
        return ReflectionUtils.invokeMethod(method, of);
    }

    private JdbcSource source(@Nullable String user, @Nullable String password) {
        Properties properties = new Properties();
        JdbcSourceReader.copy(pool.getDataSourceProperties(), properties);
        if (below == null) {
            return new JdbcSource(pool.getJdbcUrl(), user, password, properties);
        }
        JdbcSource read = JdbcSourceReader.read(below);
        JdbcSourceReader.copy(read.properties(), properties);
        return new JdbcSource(
                read.url(),
                user == null ? read.user() : user,
                password == null ? read.password() : password,
                properties);
    }

    /** The data source below the pool, which is to have the driver properties; null where the pool's URL takes them. */
    @Nullable
    DataSource below() {
        return below;
    }

    /** Instruments the pool. Throws when it is to be left alone. */
    void instrument(DriverOverrides overrides, DataSourceTelemetry telemetry) {
        DataSource target = below == null ? new Target(pool, overrides) : below;
        if (pool.getDataSource() == null) {
            // HikariCP would warn that it ignores the class name.
            pool.setDataSourceClassName(null);
        }
        pool.setDataSource(new InstrumentingDataSource(target, telemetry));
    }

    /**
     * What HikariCP would make for itself of a JDBC URL, made by HikariCP's own class, so that the driver is found and
     * called as it would be without us; only its properties, and a URL that would beat them, may carry driver settings that
     * the bean does not show. Thread-safe.
     *
     * <p>Kept once the pool runs. Until then the pool may be configured anew, also after a start that failed.
     */
    private static final class Target extends ForwardingDataSource {

        private final HikariDataSource pool;
        private final DriverOverrides overrides;
        private volatile @Nullable DataSource made;

        /**
         * Throws what HikariCP would throw at its start when there is no driver for the URL. A driver that is named and
         * there is not touched before the first connection, so that the application's start does not wait for its classes.
         */
        Target(HikariDataSource pool, DriverOverrides overrides) {
            this.pool = pool;
            this.overrides = overrides;
            if (pool.getJdbcUrl() == null) {
                throw new IllegalStateException("neither a URL nor a data source class");
            }
            String driver = pool.getDriverClassName();
            if (driver == null || !ClassUtils.isPresent(driver, getClass().getClassLoader())) {
                target();
            }
        }

        @Override
        protected DataSource target() {
            DataSource current = made;
            if (current == null) {
                String url = pool.getJdbcUrl();
                current = new DriverDataSource(
                        overrides.url(url),
                        pool.getDriverClassName(),
                        overrides.properties(pool.getDataSourceProperties(), url),
                        pool.getUsername(),
                        pool.getPassword());
                made = pool.getHikariPoolMXBean() == null ? null : current;
            }
            return current;
        }
    }
}
