package io.github.databrickstelemetry.jdbc.datasource;

import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus.DriverTelemetry;
import java.sql.Driver;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/**
 * Driver properties to override for one data source: only those that its driver's version is known to have, and never one
 * in the URL and in the properties at once, which drivers 3.0.3 to 3.4.1 refuse. Immutable.
 *
 * @param values by the driver's names of them
 */
record DriverOverrides(DataSourceDescription description, Map<String, String> values) {

    /** Those that the description asks for and the driver of this data source knows. */
    static DriverOverrides known(DataSourceDescription description, DataSource dataSource) {
        Map<String, String> known = new HashMap<>(description.driverOverrides());
        known.putAll(description.queryTags());
        if (!known.isEmpty()) {
            ClassLoader driver = driverLoader(dataSource);
            known.keySet().removeIf(name -> !description.adapter().knows(name, driver));
        }
        return new DriverOverrides(description, known);
    }

    /** Overrides nothing. */
    static DriverOverrides none(DataSourceDescription description) {
        return new DriverOverrides(description, Map.of());
    }

    DriverOverrides withoutQueryTags() {
        Map<String, String> rest = new HashMap<>(values);
        rest.keySet().retainAll(description.driverOverrides().keySet());
        return new DriverOverrides(description, rest);
    }

    /** What becomes of the driver's own telemetry where these are set. */
    DriverTelemetry telemetry() {
        if (description.driverOverrides().isEmpty()) {
            return DriverTelemetry.UNCHANGED;
        }
        return Collections.disjoint(description.driverOverrides().keySet(), values.keySet())
                ? DriverTelemetry.LEFT
                : DriverTelemetry.REPLACED;
    }

    /** Why these do not set the query tags; null if they do, or if there are none. */
    @Nullable
    String reasonAgainstTags() {
        return values.keySet().containsAll(description.queryTags().keySet())
                ? null
                : "query tags cannot be set in its driver's properties";
    }

    /**
     * The URL with these values, as far as it sets them at all: a URL beats the properties. Everything else stays as it is,
     * because an application may read its URL back from the connection's metadata.
     */
    String url(String given) {
        String url = given;
        for (Map.Entry<String, String> value : values.entrySet()) {
            url = inUrl(value.getKey()).matcher(url).replaceAll("$1=" + Matcher.quoteReplacement(value.getValue()));
        }
        return url;
    }

    private static Pattern inUrl(String property) {
        return Pattern.compile("(;" + Pattern.quote(property) + ")(=[^;]*)?(?=;|\\z)", Pattern.CASE_INSENSITIVE);
    }

    /** Whether the URL says otherwise. */
    boolean contradicts(String url) {
        return !url(url).equals(url);
    }

    /**
     * The properties with these values, except for those that the URL sets. A copy, as several data sources may share one
     * object. Drivers tell keys apart by case or not: no other spelling of an overridden key stays.
     */
    Properties properties(@Nullable Properties given, String url) {
        Properties copy = given == null ? new Properties() : (Properties) given.clone();
        values.forEach((name, value) -> {
            copy.keySet().removeIf(key -> name.equalsIgnoreCase(key.toString()));
            if (!inUrl(name).matcher(url).find()) {
                copy.setProperty(name, value);
            }
        });
        return copy;
    }

    /** Where the data source has its driver from: its own object or class loader, else the application's. */
    private static @Nullable ClassLoader driverLoader(DataSource dataSource) {
        if (JdbcSourceReader.first(dataSource, Object.class, "getDriver") instanceof Driver driver) {
            return driver.getClass().getClassLoader();
        }
        if (JdbcSourceReader.first(dataSource, Object.class, "getDriverClassLoader") instanceof ClassLoader own) {
            return own;
        }
        return dataSource.getClass().getName().startsWith("com.databricks.")
                ? dataSource.getClass().getClassLoader()
                : ClassUtils.getDefaultClassLoader();
    }
}
