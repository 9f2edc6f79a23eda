package io.github.databrickstelemetry.jdbc.datasource;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.apache.commons.dbcp2.BasicDataSource;
import org.apache.commons.dbcp2.managed.BasicManagedDataSource;
import org.apache.tomcat.jdbc.pool.DataSourceProxy;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.jdbc.datasource.AbstractDriverBasedDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Gives driver properties to data sources that are wrapped from outside, where there is nothing below the pool to put
 * them into: into the bean's own connection properties, before it opens a connection. No pool is started or created.
 * Stateless.
 *
 * <p>Each library has a class of its own, which is touched only where the library is on the class path.
 */
final class DriverProperties {

    private static final boolean SPRING_JDBC =
            isPresent("org.springframework.jdbc.datasource.AbstractDriverBasedDataSource");
    private static final boolean TOMCAT = isPresent("org.apache.tomcat.jdbc.pool.DataSourceProxy");
    private static final boolean DBCP = isPresent("org.apache.commons.dbcp2.BasicDataSource");

    private DriverProperties() {}

    private static boolean isPresent(String className) {
        return ClassUtils.isPresent(className, DriverProperties.class.getClassLoader());
    }

    /**
     * Sets driver properties, whatever they were before.
     *
     * @return takes them back; null if not all connections to come would have them, and nothing was changed
     */
    static @Nullable Consumer<DataSource> set(DataSource dataSource, DriverOverrides overrides, String url) {
        DataSource actual = actual(dataSource);
        Consumer<DataSource> undo = SPRING_JDBC ? OfSpring.set(actual, overrides, url) : null;
        if (undo == null && TOMCAT) {
            undo = OfTomcat.set(actual, overrides, url);
        }
        if (undo == null && DBCP) {
            undo = OfDbcp.set(actual, overrides, url);
        }
        return undo == null ? OfDriver.set(actual, overrides, url) : undo;
    }

    /** Properties that a data source has no public getter for, or null. */
    static @Nullable Properties hiddenProperties(DataSource dataSource) {
        try {
            return DBCP ? OfDbcp.properties(actual(dataSource)) : null;
        } catch (RuntimeException anotherVersion) {
            return null;
        }
    }

    /** The password that Oracle's pool has no public getter for any more, or null. */
    static @Nullable String hiddenPassword(DataSource dataSource) {
        DataSource actual = actual(dataSource);
        Method getter = ReflectionUtils.findMethod(actual.getClass(), "getPasswordReal");
        try {
            if (getter != null) {
                ReflectionUtils.makeAccessible(getter);
                return ReflectionUtils.invokeMethod(getter, actual) instanceof String password ? password : null;
            }
        } catch (RuntimeException refused) {
            // As if there were none.
        }
        return null;
    }

    /** What stands in fields is read, and a proxy's fields are empty. */
    private static DataSource actual(DataSource dataSource) {
        return AopProxyUtils.getSingletonTarget(dataSource) instanceof DataSource behind ? behind : dataSource;
    }

    private static @Nullable Object read(Class<?> declaring, String name, Object of) {
        Field field = ReflectionUtils.findField(declaring, name);
        if (field == null) {
            throw new IllegalStateException("Another version: it has no " + name);
        }
        ReflectionUtils.makeAccessible(field);
        return ReflectionUtils.getField(field, of);
    }

    /** A connection is opened with what the properties say at that time. */
    private static final class OfSpring {

        static @Nullable Consumer<DataSource> set(DataSource dataSource, DriverOverrides overrides, String url) {
            // The one that keeps its single connection may have opened it already, and does not say so.
            if (!(dataSource instanceof AbstractDriverBasedDataSource driverBased)
                    || dataSource instanceof SingleConnectionDataSource) {
                return null;
            }
            Properties before = driverBased.getConnectionProperties();
            driverBased.setConnectionProperties(overrides.properties(before, url));
            return changed -> ((AbstractDriverBasedDataSource) changed)
                    .setConnectionProperties(before == null ? new Properties() : before);
        }
    }

    /** The driver's own data source. */
    private static final class OfDriver {

        static @Nullable Consumer<DataSource> set(DataSource dataSource, DriverOverrides overrides, String url) {
            AtomicReference<Properties> before = new AtomicReference<>(new Properties());
            boolean changed = overrides.adapter().override(dataSource, properties -> {
                before.set(properties);
                return overrides.properties(properties, url);
            });
            return changed ? again -> overrides.adapter().override(again, now -> before.get()) : null;
        }
    }

    private static final class OfTomcat {

        static @Nullable Consumer<DataSource> set(DataSource dataSource, DriverOverrides overrides, String url) {
            // Asked for its pool, it would create one. Given a data source, it does not use the properties.
            if (!(dataSource instanceof DataSourceProxy pool)
                    || read(DataSourceProxy.class, "pool", pool) != null
                    || pool.getDataSource() != null
                    || pool.getDataSourceJNDI() != null) {
                return null;
            }
            Properties before = pool.getDbProperties();
            pool.setDbProperties(overrides.properties(before, url));
            return changed -> ((DataSourceProxy) changed).setDbProperties(before);
        }
    }

    private static final class OfDbcp {

        static @Nullable Properties properties(DataSource dataSource) {
            return dataSource instanceof BasicDataSource
                            && read(BasicDataSource.class, "connectionProperties", dataSource)
                                    instanceof Properties known
                    ? known
                    : null;
        }

        static @Nullable Consumer<DataSource> set(DataSource dataSource, DriverOverrides overrides, String url) {
            Properties known = properties(dataSource);
            // A managed one may use a data source of its own instead.
            if (known == null
                    || !(dataSource instanceof BasicDataSource pool)
                    || dataSource instanceof BasicManagedDataSource
                    || pool.getConnectionPool() != null) {
                return null;
            }
            Properties before = (Properties) known.clone();
            replace(pool, known, overrides.properties(known, url));
            return changed -> replace((BasicDataSource) changed, known, before);
        }

        /** The pool has no setter that takes all of them. */
        private static void replace(BasicDataSource pool, Properties known, Properties with) {
            List.copyOf(known.stringPropertyNames()).forEach(pool::removeConnectionProperty);
            with.stringPropertyNames().forEach(name -> pool.addConnectionProperty(name, with.getProperty(name)));
        }
    }
}
