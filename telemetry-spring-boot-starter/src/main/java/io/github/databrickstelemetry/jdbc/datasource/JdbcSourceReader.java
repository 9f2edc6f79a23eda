package io.github.databrickstelemetry.jdbc.datasource;

import io.github.databrickstelemetry.jdbc.JdbcSource;
import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ReflectionUtils;

/**
 * Reads from any data source how it connects, by the getters that pools and drivers have for it, because there is no
 * common interface. Knows no pool's class, so that none needs to be there.
 */
final class JdbcSourceReader {

    private static final String[] URL = {"getUrl", "getURL", "getJdbcUrl"};
    private static final String[] USER = {"getUsername", "getUserName", "getUser"};
    private static final String[] PASSWORD = {"getPassword"};
    private static final String[] POOL_PROPERTIES = {"getPoolProperties"};
    private static final String[] PROPERTIES = {
        "getConnectionProperties", "getDbProperties", "getDriverProperties", "getProperties"
    };

    private JdbcSourceReader() {}

    static JdbcSource read(DataSource dataSource) {
        JdbcSource snapshot = snapshot(dataSource);
        WeakReference<DataSource> weak = new WeakReference<>(dataSource);
        return new JdbcSource(snapshot.url(), snapshot.user(), snapshot.password(), snapshot.properties(), () -> {
            DataSource alive = weak.get();
            return alive == null ? snapshot : snapshot(alive);
        });
    }

    private static JdbcSource snapshot(DataSource dataSource) {
        Properties properties = new Properties();
        Map<?, ?> found = first(dataSource, PROPERTIES, Map.class);
        if (found == null) {
            found = hiddenProperties(Candidate.behind(dataSource));
        }
        if (found != null) {
            copy(found, properties);
        }
        return new JdbcSource(
                first(dataSource, URL, String.class),
                first(dataSource, USER, String.class),
                password(dataSource),
                properties);
    }

    /** Tomcat's pool and Oracle's have a getter that does not tell it. */
    private static @Nullable String password(DataSource dataSource) {
        Object kept = first(dataSource, POOL_PROPERTIES, Object.class);
        if (kept == null) {
            return first(dataSource, PASSWORD, String.class);
        }
        String password = first(kept, PASSWORD, String.class);
        return password == null ? hiddenPassword(Candidate.behind(dataSource)) : password;
    }

    /** Commons DBCP has no getter for them. A field is read of the data source itself, as a proxy's are empty. */
    private static @Nullable Properties hiddenProperties(DataSource dataSource) {
        try {
            Field field = ReflectionUtils.findField(dataSource.getClass(), "connectionProperties", Properties.class);
            if (field == null) {
                return null;
            }
            ReflectionUtils.makeAccessible(field);
            return (Properties) ReflectionUtils.getField(field, dataSource);
        } catch (RuntimeException | LinkageError refused) {
            return null;
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
            for (String name : properties.stringPropertyNames()) {
                to.setProperty(name, properties.getProperty(name));
            }
        }
        for (Map.Entry<?, ?> entry : from.entrySet()) {
            if (entry.getKey() != null && entry.getValue() != null) {
                to.setProperty(entry.getKey().toString(), entry.getValue().toString());
            }
        }
    }

    private static <T> @Nullable T first(Object of, String[] getters, Class<T> type) {
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
