package io.github.databrickstelemetry.jdbc.datasource;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Properties;
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
     * @return whether all connections to come will have them; if not, nothing was changed
     */
    static boolean set(DataSource dataSource, DriverOverrides overrides, String url) {
        DataSource actual = actual(dataSource);
        return (SPRING_JDBC && OfSpring.set(actual, overrides, url))
                || (TOMCAT && OfTomcat.set(actual, overrides, url))
                || (DBCP && OfDbcp.set(actual, overrides, url))
                || overrides.adapter().override(actual, properties -> overrides.properties(properties, url));
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

        static boolean set(DataSource dataSource, DriverOverrides overrides, String url) {
            // The one that keeps its single connection may have opened it already, and does not say so.
            if (!(dataSource instanceof AbstractDriverBasedDataSource driverBased)
                    || dataSource instanceof SingleConnectionDataSource) {
                return false;
            }
            driverBased.setConnectionProperties(overrides.properties(driverBased.getConnectionProperties(), url));
            return true;
        }
    }

    private static final class OfTomcat {

        static boolean set(DataSource dataSource, DriverOverrides overrides, String url) {
            // Asked for its pool, it would create one. Given a data source, it does not use the properties.
            if (!(dataSource instanceof DataSourceProxy pool)
                    || read(DataSourceProxy.class, "pool", pool) != null
                    || pool.getDataSource() != null
                    || pool.getDataSourceJNDI() != null) {
                return false;
            }
            pool.setDbProperties(overrides.properties(pool.getDbProperties(), url));
            return true;
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

        static boolean set(DataSource dataSource, DriverOverrides overrides, String url) {
            Properties known = properties(dataSource);
            // A managed one may use a data source of its own instead.
            if (known == null
                    || !(dataSource instanceof BasicDataSource pool)
                    || dataSource instanceof BasicManagedDataSource
                    || pool.getConnectionPool() != null) {
                return false;
            }
            Properties changed = overrides.properties(known, url);
            known.stringPropertyNames().stream()
                    .filter(overrides::isOverridden)
                    .forEach(pool::removeConnectionProperty);
            overrides.values().keySet().stream()
                    .filter(changed::containsKey)
                    .forEach(key -> pool.addConnectionProperty(key, changed.getProperty(key)));
            return true;
        }
    }
}
