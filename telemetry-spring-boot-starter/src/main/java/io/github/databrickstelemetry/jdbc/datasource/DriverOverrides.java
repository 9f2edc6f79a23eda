package io.github.databrickstelemetry.jdbc.datasource;

import io.github.databrickstelemetry.jdbc.DriverAdapter;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus.DriverTelemetry;
import java.sql.Driver;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Driver properties to override for one data source: only those that its driver's version is known to have, and never one
 * in the URL and in the properties at once, which drivers 3.0.3 to 3.4.1 refuse. Immutable.
 *
 * @param values by the driver's names of them
 */
record DriverOverrides(Map<String, String> values, DriverAdapter adapter) {

    /** Those of the wanted ones that the driver of this data source knows. */
    static DriverOverrides known(Map<String, String> wanted, DriverAdapter adapter, DataSource dataSource) {
        Map<String, String> known = new LinkedHashMap<>();
        if (!wanted.isEmpty()) {
            ClassLoader driver = driverLoader(dataSource);
            wanted.forEach((name, value) -> {
                if (adapter.knows(name, driver)) {
                    known.put(name, value);
                }
            });
        }
        return new DriverOverrides(known, adapter);
    }

    /** What becomes of the driver's own telemetry where these are set. */
    DriverTelemetry telemetry(DataSourceDescription description) {
        if (description.driverOverrides().isEmpty()) {
            return DriverTelemetry.UNCHANGED;
        }
        boolean any = description.driverOverrides().keySet().stream().anyMatch(values::containsKey);
        return any ? DriverTelemetry.REPLACED : DriverTelemetry.LEFT;
    }

    /** Why these do not set the query tags; null if they do, or if there are none. */
    @Nullable
    String reasonAgainstTags(DataSourceDescription description) {
        return values.keySet().containsAll(description.queryTags().keySet())
                ? null
                : "query tags cannot be set in its driver's properties";
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    /** The URL with these values, as far as it sets them. */
    String url(String given) {
        return adapter.overriding(given, values);
    }

    /** Whether the URL says otherwise, which beats the properties. */
    boolean contradicts(String url) {
        return !url(url).equals(url);
    }

    /**
     * The properties with these values, except for those that the URL sets. A copy, as several data sources may share one
     * object. Drivers tell keys apart by case or not: no other spelling of an overridden key stays.
     */
    Properties properties(@Nullable Properties given, @Nullable String url) {
        Properties copy = given == null ? new Properties() : (Properties) given.clone();
        copy.keySet().removeIf(this::isOverridden);
        values.forEach((name, value) -> {
            if (url == null || !adapter.isInUrl(url, name)) {
                copy.setProperty(name, value);
            }
        });
        return copy;
    }

    boolean isOverridden(Object key) {
        return values.keySet().stream().anyMatch(key.toString()::equalsIgnoreCase);
    }

    /** Where the data source has its driver from: its own object or class loader, else the application's. */
    private static @Nullable ClassLoader driverLoader(DataSource dataSource) {
        if (read(dataSource, "getDriver") instanceof Driver driver) {
            return driver.getClass().getClassLoader();
        }
        if (read(dataSource, "getDriverClassLoader") instanceof ClassLoader own) {
            return own;
        }
        String name = dataSource.getClass().getName();
        return name.startsWith("com.databricks.")
                ? dataSource.getClass().getClassLoader()
                : ClassUtils.getDefaultClassLoader();
    }

    private static @Nullable Object read(DataSource dataSource, String getter) {
        try {
            var method = ClassUtils.getMethodIfAvailable(dataSource.getClass(), getter);
            return method == null ? null : ReflectionUtils.invokeMethod(method, dataSource);
        } catch (RuntimeException refused) {
            return null;
        }
    }
}
