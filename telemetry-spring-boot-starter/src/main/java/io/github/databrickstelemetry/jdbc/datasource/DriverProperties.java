package io.github.databrickstelemetry.jdbc.datasource;

import io.github.databrickstelemetry.jdbc.JdbcSource;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus.DriverTelemetry;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
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
 * <p>Each library has a class of its own, which is touched only where the library is on the class path.
 */
final class DriverProperties {

    private static final boolean SPRING_JDBC =
            isPresent("org.springframework.jdbc.datasource.AbstractDriverBasedDataSource");
    private static final boolean TOMCAT = isPresent("org.apache.tomcat.jdbc.pool.DataSourceProxy");
    private static final boolean DBCP = isPresent("org.apache.commons.dbcp2.BasicDataSource");

    /** What was set, and how to take it back. */
    private record Change(DriverOverrides set, Consumer<DataSource> undo) {}

    private final WeakIdentityMap<DataSource, Change> changed = new WeakIdentityMap<>();
    private final Guard guard;

    DriverProperties(Guard guard) {
        this.guard = guard;
    }

    /**
     * Overrides properties of the driver in the bean's own, unless its URL, which would beat them, says otherwise.
     *
     * @return what is set
     */
    DriverOverrides override(DataSource dataSource, JdbcSource read, DataSourceDescription description) {
        changed.removeCollected();
        // Initialisation may have started a pool that was given its properties in time.
        Change before = changed.get(dataSource);
        if (before != null) {
            return before.set();
        }
        DriverOverrides none = new DriverOverrides(Map.of(), description.adapter());
        String url = read.url();
        if (url == null) {
            return none;
        }
        DriverOverrides all = DriverOverrides.known(description.overrides(), description.adapter(), dataSource);
        DriverOverrides wanted = all.contradicts(url)
                ? DriverOverrides.known(description.driverOverrides(), description.adapter(), dataSource)
                : all;
        if (wanted.isEmpty() || wanted.contradicts(url)) {
            return none;
        }
        guard.run("driver properties", () -> {
            Consumer<DataSource> undo = set(Candidate.behind(dataSource), wanted, url);
            if (undo != null) {
                changed.putIfAbsent(dataSource, new Change(wanted, undo));
            }
        });
        return changed.get(dataSource) == null ? none : wanted;
    }

    /** The driver's own telemetry goes on, as nothing else reports. */
    DriverTelemetry restore(DataSource dataSource, DataSourceDescription description) {
        Change change = changed.remove(dataSource);
        if (change != null) {
            guard.run("driver properties", () -> change.undo().accept(Candidate.behind(dataSource)));
        }
        return description.driverOverrides().isEmpty() ? DriverTelemetry.UNCHANGED : DriverTelemetry.LEFT;
    }

    private static boolean isPresent(String className) {
        return ClassUtils.isPresent(className, DriverProperties.class.getClassLoader());
    }

    /**
     * Sets driver properties, whatever they were before.
     *
     * @return takes them back; null if not all connections to come would have them, and nothing was changed
     */
    private static @Nullable Consumer<DataSource> set(DataSource dataSource, DriverOverrides overrides, String url) {
        Consumer<DataSource> undo = SPRING_JDBC ? OfSpring.set(dataSource, overrides, url) : null;
        if (undo == null && TOMCAT) {
            undo = OfTomcat.set(dataSource, overrides, url);
        }
        if (undo == null && DBCP) {
            undo = OfDbcp.set(dataSource, overrides, url);
        }
        return undo == null ? OfDriver.set(dataSource, overrides, url) : undo;
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

        static @Nullable Consumer<DataSource> set(DataSource dataSource, DriverOverrides overrides, String url) {
            // A managed one may use a data source of its own instead.
            if (!(dataSource instanceof BasicDataSource pool)
                    || dataSource instanceof BasicManagedDataSource
                    || pool.getConnectionPool() != null
                    || !(read(BasicDataSource.class, "connectionProperties", pool) instanceof Properties known)) {
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
