package io.github.databrickstelemetry.jdbc.datasource;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.PropertyElf;
import com.zaxxer.hikari.util.UtilityElf;
import io.github.databrickstelemetry.jdbc.JdbcSource;
import java.lang.ref.WeakReference;
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
        // Of a context that has ended: the pool is instrumented anew.
        if (given instanceof InstrumentingDataSource known && known.isEnded()) {
            given = known.target() instanceof HikariTarget ? null : known.target();
        }
        this.below = given == null && pool.getDataSourceClassName() != null ? made(pool) : given;
    }

    /** As HikariCP would make it at its start. */
    private static DataSource made(HikariDataSource pool) {
        DataSource made = UtilityElf.createInstance(pool.getDataSourceClassName(), DataSource.class);
        PropertyElf.setTargetFromProperties(made, pool.getDataSourceProperties());
        return made;
    }

    static boolean isHikari(DataSource dataSource) {
        return dataSource instanceof HikariDataSource;
    }

    boolean hasStarted() {
        return pool.getHikariPoolMXBean() != null;
    }

    /** Whether it is, or stands for, a pool that opens its connections with an instrumented data source already. */
    static boolean isInstrumented(DataSource dataSource) throws SQLException {
        HikariDataSource pool;
        if (dataSource instanceof HikariDataSource hikari) {
            pool = hikari;
        } else if (dataSource.isWrapperFor(HikariDataSource.class)) {
            pool = dataSource.unwrap(HikariDataSource.class);
        } else {
            return false;
        }
        return pool != null && pool.getDataSource() instanceof InstrumentingDataSource below && !below.isEnded();
    }

    /** How the pool connects. Calls no code of the application. */
    JdbcSource source() {
        DataSource target = below;
        JdbcSource snapshot = source(pool, target, pool.getUsername(), pool.getPassword());
        WeakReference<HikariDataSource> weakPool = new WeakReference<>(pool);
        WeakReference<@Nullable DataSource> weakTarget = new WeakReference<>(target);
        return new JdbcSource(snapshot.url(), snapshot.user(), snapshot.password(), snapshot.properties(), () -> {
            HikariDataSource alive = weakPool.get();
            return alive == null ? snapshot : current(alive, weakTarget.get());
        });
    }

    /** With the credentials of the pool's next connection, which the application may supply by code. */
    private static JdbcSource current(HikariDataSource pool, @Nullable DataSource target) {
        Object provider = get(pool, "getCredentialsProvider");
        Object credentials = get(provider == null ? pool : provider, "getCredentials");
        return credentials == null
                ? source(pool, target, pool.getUsername(), pool.getPassword())
                : source(
                        pool,
                        target,
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

    private static JdbcSource source(
            HikariDataSource pool, @Nullable DataSource target, @Nullable String user, @Nullable String password) {
        Properties properties = new Properties();
        JdbcSourceReader.copy(pool.getDataSourceProperties(), properties);
        if (target == null) {
            return new JdbcSource(pool.getJdbcUrl(), user, password, properties);
        }
        JdbcSource read = JdbcSourceReader.read(target);
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
    void instrument(DriverOverrides overrides, ConnectionInstrumentation instrumentation) {
        DataSource target = below;
        if (target == null) {
            if (pool.getJdbcUrl() == null) {
                throw new IllegalStateException("neither a URL nor a data source class");
            }
            target = new HikariTarget(pool, overrides);
        }
        if (pool.getDataSource() == null) {
            // HikariCP would warn that it ignores the class name.
            pool.setDataSourceClassName(null);
        }
        pool.setDataSource(new InstrumentingDataSource(target, instrumentation));
    }
}
