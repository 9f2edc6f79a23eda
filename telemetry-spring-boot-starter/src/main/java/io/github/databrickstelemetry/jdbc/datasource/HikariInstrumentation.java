package io.github.databrickstelemetry.jdbc.datasource;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.PropertyElf;
import com.zaxxer.hikari.util.UtilityElf;
import io.github.databrickstelemetry.jdbc.JdbcSource;
import java.sql.SQLException;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Gives a HikariCP pool that has not started an observed data source to open its connections with, so that the pool
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
        return pool != null && pool.getDataSource() instanceof InstrumentingDataSource below && !below.isEnded();
    }

    JdbcSource source() {
        Properties properties = new Properties();
        JdbcSourceReader.copy(pool.getDataSourceProperties(), properties);
        if (below == null) {
            return new JdbcSource(pool.getJdbcUrl(), pool.getUsername(), pool.getPassword(), properties);
        }
        JdbcSource read = JdbcSourceReader.read(below);
        JdbcSourceReader.copy(read.properties(), properties);
        return new JdbcSource(
                read.url(),
                pool.getUsername() == null ? read.user() : pool.getUsername(),
                pool.getPassword() == null ? read.password() : pool.getPassword(),
                properties);
    }

    /** The data source below the pool, which is to have the driver properties; null where the pool's URL takes them. */
    @Nullable
    DataSource below() {
        return below;
    }

    /** Instruments the pool. Throws when it is to be left alone. */
    void instrument(DriverOverrides overrides, ConnectionInstrumentation observer) {
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
        pool.setDataSource(new InstrumentingDataSource(target, observer));
    }
}
