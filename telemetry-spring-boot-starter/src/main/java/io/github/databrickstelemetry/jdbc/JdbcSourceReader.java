package io.github.databrickstelemetry.jdbc;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Reads from any data source how it connects, by the getters that pools and drivers have for it, because there is no
 * common interface. Knows no pool's class, so that none needs to be there.
 */
final class JdbcSourceReader {

    private static final String[] URL = {"getUrl", "getURL", "getJdbcUrl"};
    private static final String[] USER = {"getUsername", "getUserName", "getUser"};
    private static final String[] PASSWORD = {"getPassword"};
    private static final String[] PROPERTIES = {
        "getConnectionProperties", "getDbProperties", "getDriverProperties", "getProperties"
    };

    private JdbcSourceReader() {}

    static JdbcSource read(DataSource dataSource) {
        Properties properties = new Properties();
        Map<?, ?> found = first(dataSource, PROPERTIES, Map.class);
        if (found != null) {
            copy(found, properties);
        }
        return new JdbcSource(
                first(dataSource, URL, String.class),
                first(dataSource, USER, String.class),
                first(dataSource, PASSWORD, String.class),
                properties);
    }

    static void copy(Map<?, ?> from, Properties to) {
        if (from instanceof Properties properties) {
            properties.stringPropertyNames().forEach(name -> to.setProperty(name, properties.getProperty(name)));
            return;
        }
        from.forEach((key, value) -> {
            if (key != null && value != null) {
                to.setProperty(key.toString(), value.toString());
            }
        });
    }

    private static <T> @Nullable T first(DataSource dataSource, String[] getters, Class<T> type) {
        for (String getter : getters) {
            try {
                Method method = dataSource.getClass().getMethod(getter);
                if (type.isAssignableFrom(method.getReturnType())) {
                    Object value = method.invoke(dataSource);
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
