package io.github.databrickstelemetry.jdbc.datasource;

import io.github.databrickstelemetry.runtime.internal.Guard;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.apache.commons.dbcp2.BasicDataSource;
import org.apache.commons.dbcp2.managed.BasicManagedDataSource;
import org.apache.tomcat.jdbc.pool.DataSourceProxy;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.AbstractDriverBasedDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Sets driver properties in data sources that are instrumented from outside, where there is nothing below the pool to put
 * them into: in the bean's own connection properties, before it opens a connection. Takes them back if a data source turns
 * out not to be instrumented. No pool is started or created. Thread-safe; data sources are remembered weakly.
 *
 * <p>Each library of pools has a class of its own, which is touched only where the library is on the class path.
 */
final class DriverProperties {

    private static final boolean SPRING_JDBC =
            isPresent("org.springframework.jdbc.datasource.AbstractDriverBasedDataSource");
    private static final boolean TOMCAT = isPresent("org.apache.tomcat.jdbc.pool.DataSourceProxy");
    private static final boolean DBCP = isPresent("org.apache.commons.dbcp2.BasicDataSource");

    /** What was set, and how to take it back. */
    private record Change(Map<String, String> set, Consumer<DataSource> undo) {}

    private final WeakMap<DataSource, Change> changed = new WeakMap<>();
    private final Guard guard;

    DriverProperties(Guard guard) {
        this.guard = guard;
    }

    /**
     * Overrides properties of the driver in the bean's own, unless its URL, which would beat them, says otherwise.
     *
     * @return what is set
     */
    DriverOverrides override(DataSource dataSource, @Nullable String url, DataSourceDescription description) {
        // Initialisation may have started a pool that was given its properties in time.
        if (url != null && !changed.containsKey(dataSource)) {
            DriverOverrides known = DriverOverrides.known(description, dataSource);
            DriverOverrides wanted = known.contradicts(url) ? known.withoutQueryTags() : known;
            if (!wanted.values().isEmpty() && !wanted.contradicts(url)) {
                guard.run("driver properties", () -> {
                    Consumer<DataSource> undo = set(Delegates.behindProxies(dataSource), wanted, url);
                    if (undo != null) {
                        changed.put(dataSource, new Change(wanted.values(), undo));
                    }
                });
            }
        }
        Change change = changed.get(dataSource);
        return change == null ? DriverOverrides.none(description) : new DriverOverrides(description, change.set());
    }

    /** The driver's own telemetry goes on, as nothing else reports. */
    void restore(DataSource dataSource) {
        Change change = changed.remove(dataSource);
        if (change != null) {
            guard.run("driver properties", () -> change.undo().accept(Delegates.behindProxies(dataSource)));
        }
    }

    private static boolean isPresent(String className) {
        return ClassUtils.isPresent(className, DriverProperties.class.getClassLoader());
    }

    /**
     * Sets driver properties, whatever they were before.
     *
     * @return takes the change back; null if not all connections to come would have it, and nothing was changed
     */
    private static @Nullable Consumer<DataSource> set(DataSource dataSource, DriverOverrides wanted, String url) {
        Consumer<DataSource> undo = SPRING_JDBC ? OfSpring.set(dataSource, wanted, url) : null;
        if (undo == null && TOMCAT) {
            undo = OfTomcat.set(dataSource, wanted, url);
        }
        if (undo == null && DBCP) {
            undo = OfDbcp.set(dataSource, wanted, url);
        }
        return undo == null ? OfDatabricks.set(dataSource, wanted, url) : undo;
    }

    /** A connection is opened with what the properties say at that time. */
    private static final class OfSpring {

        static @Nullable Consumer<DataSource> set(DataSource dataSource, DriverOverrides wanted, String url) {
            // The one that keeps its single connection may have opened it already, and does not say so.
            if (!(dataSource instanceof AbstractDriverBasedDataSource driverBased)
                    || dataSource instanceof SingleConnectionDataSource) {
                return null;
            }
            Properties before = driverBased.getConnectionProperties();
            driverBased.setConnectionProperties(wanted.properties(before, url));
            return changed -> ((AbstractDriverBasedDataSource) changed).setConnectionProperties(before);
        }
    }

    private static final class OfTomcat {

        static @Nullable Consumer<DataSource> set(DataSource dataSource, DriverOverrides wanted, String url) {
            // Asked for its pool, it would create one. Given a data source, it does not use the properties.
            if (!(dataSource instanceof DataSourceProxy pool)
                    || Fields.get(DataSourceProxy.class, "pool", pool) != null
                    || pool.getDataSource() != null
                    || pool.getDataSourceJNDI() != null) {
                return null;
            }
            Properties before = pool.getDbProperties();
            pool.setDbProperties(wanted.properties(before, url));
            return changed -> ((DataSourceProxy) changed).setDbProperties(before);
        }
    }

    private static final class OfDbcp {

        static @Nullable Consumer<DataSource> set(DataSource dataSource, DriverOverrides wanted, String url) {
            // A managed one may use a data source of its own instead.
            if (!(dataSource instanceof BasicDataSource pool)
                    || dataSource instanceof BasicManagedDataSource
                    || pool.getConnectionPool() != null
                    || !(Fields.get(BasicDataSource.class, "connectionProperties", pool) instanceof Properties known)) {
                return null;
            }
            Properties before = (Properties) known.clone();
            replace(pool, known, wanted.properties(before, url));
            return changed -> replace((BasicDataSource) changed, known, before);
        }

        /** The pool has no setter that takes all of them. */
        private static void replace(BasicDataSource pool, Properties known, Properties with) {
            List.copyOf(known.stringPropertyNames()).forEach(pool::removeConnectionProperty);
            with.stringPropertyNames().forEach(name -> pool.addConnectionProperty(name, with.getProperty(name)));
        }
    }

    /** The driver's own data source. */
    private static final class OfDatabricks {

        static @Nullable Consumer<DataSource> set(DataSource dataSource, DriverOverrides wanted, String url) {
            Class<?> type = dataSource.getClass();
            if (!type.getName().equals("com.databricks.client.jdbc.DataSource")) {
                return null;
            }
            Method getter = ClassUtils.getMethodIfAvailable(type, "getProperties");
            Method setter = ClassUtils.getMethodIfAvailable(type, "setProperties", Properties.class);
            if (getter == null || setter == null) {
                return null;
            }
            Properties before = ReflectionUtils.invokeMethod(getter, dataSource) instanceof Properties known
                    ? known
                    : new Properties();
            ReflectionUtils.invokeMethod(setter, dataSource, wanted.properties(before, url));
            return changed -> ReflectionUtils.invokeMethod(setter, changed, before);
        }
    }
}
