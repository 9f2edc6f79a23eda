package io.github.databrickstelemetry.jdbc.datasource;

import io.github.databrickstelemetry.jdbc.JdbcSource;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ReflectionUtils;

/**
 * Reads from any data source how it connects, by the getters that pools and drivers have for it, because there is no
 * common interface. Knows no pool's class, so that none needs to be there.
 */
final class JdbcSourceReader {

    private JdbcSourceReader() {}

    static JdbcSource read(DataSource dataSource) {
        return withCurrent(snapshot(dataSource), dataSource, JdbcSourceReader::snapshot);
    }

    /** The snapshot, which reads a data source again for {@link JdbcSource#current()}, but does not keep it alive. */
    static <D extends DataSource> JdbcSource withCurrent(
            JdbcSource snapshot, D dataSource, Function<D, JdbcSource> current) {
        WeakReference<D> weak = new WeakReference<>(dataSource);
        return new JdbcSource(snapshot.url(), snapshot.user(), snapshot.password(), snapshot.properties(), () -> {
            D alive = weak.get();
            return alive == null ? snapshot : current.apply(alive);
        });
    }

    private static JdbcSource snapshot(DataSource dataSource) {
        Map<?, ?> found = first(
                dataSource,
                Map.class,
                "getConnectionProperties",
                "getDbProperties",
                "getDriverProperties",
                "getProperties");
        Properties properties = new Properties();
        copy(found == null ? hiddenProperties(Delegates.behindProxies(dataSource)) : found, properties);
        return new JdbcSource(
                first(dataSource, String.class, "getUrl", "getURL", "getJdbcUrl"),
                first(dataSource, String.class, "getUsername", "getUserName", "getUser"),
                password(dataSource),
                properties);
    }

    /** Tomcat's pool and Oracle's have a getter that does not tell it. */
    private static @Nullable String password(DataSource dataSource) {
        Object kept = first(dataSource, Object.class, "getPoolProperties");
        String password = first(kept == null ? dataSource : kept, String.class, "getPassword");
        return password == null && kept != null ? hiddenPassword(Delegates.behindProxies(dataSource)) : password;
    }

    /** Commons DBCP has no getter for them. A field is read of the data source itself, as a proxy's are empty. */
    private static Map<?, ?> hiddenProperties(DataSource dataSource) {
        try {
            Class<?> declaring = null;
            for (Class<?> pool = dataSource.getClass(); pool != null; pool = pool.getSuperclass()) {
                // The pool's own: a subclass may have one of the same name.
                boolean has = ReflectionUtils.findField(pool, "connectionProperties", Properties.class) != null;
                declaring = has ? pool : declaring;
            }
            return declaring != null
                            && Fields.get(declaring, "connectionProperties", dataSource) instanceof Properties found
                    ? found
                    : Map.of();
        } catch (RuntimeException | LinkageError refused) {
            return Map.of();
        }
    }

    /** Oracle's pool has no public getter for it any more. */
    private static @Nullable String hiddenPassword(DataSource dataSource) {
        try {
            Method getter = ReflectionUtils.findMethod(dataSource.getClass(), "getPasswordReal");
            if (getter == null) {
                return null;
            }
            ReflectionUtils.makeAccessible(getter);
            return ReflectionUtils.invokeMethod(getter, dataSource) instanceof String password ? password : null;
        } catch (RuntimeException | LinkageError refused) {
            return null;
        }
    }

    static void copy(Map<?, ?> from, Properties to) {
        if (from instanceof Properties properties) {
            // These may have defaults, which only this shows.
            properties.stringPropertyNames().forEach(name -> to.setProperty(name, properties.getProperty(name)));
        }
        from.forEach((name, value) -> {
            if (name != null && value != null) {
                to.setProperty(name.toString(), value.toString());
            }
        });
    }

    /** What the first of these getters tells that is there, does not refuse, and is not null. */
    static <T> @Nullable T first(Object of, Class<T> type, String... getters) {
        for (String getter : getters) {
            try {
                Method method = of.getClass().getMethod(getter);
                if (type.isAssignableFrom(method.getReturnType())) {
                    Object value = method.invoke(of);
                    if (type.isInstance(value)) {
                        return type.cast(value);
                    }
                }
            } catch (ReflectiveOperationException | RuntimeException absentOrRefused) {
                // The next one may be there.
            }
        }
        return null;
    }
}
