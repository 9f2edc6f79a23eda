package io.github.databrickstelemetry.jdbc.datasource;

import java.sql.SQLException;
import java.util.UUID;
import oracle.ucp.UniversalConnectionPoolException;
import oracle.ucp.admin.UniversalConnectionPoolManager;
import oracle.ucp.admin.UniversalConnectionPoolManagerImpl;
import oracle.ucp.jdbc.PoolDataSource;
import oracle.ucp.jdbc.PoolDataSourceFactory;

/** Pools of Oracle's, which are no {@code Closeable}: whoever names one can have it destroyed. */
public final class Ucp {

    private Ucp() {}

    /** A pool that opens its connections with this driver. */
    public static PoolDataSource pool(Class<?> driver, String url) throws SQLException {
        PoolDataSource pool = PoolDataSourceFactory.getPoolDataSource();
        pool.setConnectionPoolName(UUID.randomUUID().toString());
        pool.setConnectionFactoryClassName(driver.getName());
        pool.setURL(url);
        pool.setMaxPoolSize(2);
        return pool;
    }

    /** Closes the connections that nobody uses. */
    public static void closeIdle(PoolDataSource pool) {
        manage(pool, UniversalConnectionPoolManager::purgeConnectionPool);
    }

    /** Closes it with its connections; it must have started. */
    public static void destroy(PoolDataSource pool) {
        manage(pool, UniversalConnectionPoolManager::destroyConnectionPool);
    }

    private interface Action {
        void on(UniversalConnectionPoolManager manager, String pool) throws UniversalConnectionPoolException;
    }

    private static void manage(PoolDataSource pool, Action action) {
        try {
            action.on(
                    UniversalConnectionPoolManagerImpl.getUniversalConnectionPoolManager(),
                    pool.getConnectionPoolName());
        } catch (UniversalConnectionPoolException failure) {
            throw new IllegalStateException("The pool cannot be managed", failure);
        }
    }
}
