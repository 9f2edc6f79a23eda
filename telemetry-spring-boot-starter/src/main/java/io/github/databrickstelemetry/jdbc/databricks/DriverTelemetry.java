package io.github.databrickstelemetry.jdbc.databricks;

import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/** The telemetry that the Databricks driver sends by itself, and how it is switched off. Stateless. */
public final class DriverTelemetry {

    /**
     * Driver properties that silence it. The level alone stops everything that is sent, whatever else is set, in
     * drivers that know it; older ones know the other two.
     */
    public static final Map<String, String> OFF =
            Map.of("EnableTelemetry", "0", "ForceEnableTelemetry", "0", "TelemetryLogLevel", "OFF");

    /** The driver's own list of its parameters, since 3.0. Earlier drivers send unknown parameters to the server. */
    private static final String PARAMETERS = "com.databricks.jdbc.common.DatabricksJdbcUrlParams";

    /** The driver's list of names of session parameters. */
    private static final String SESSION_PARAMETERS = "com.databricks.jdbc.common.DatabricksJdbcConstants";

    private static final Map<String, String> CONSTANTS = Map.of(
            "EnableTelemetry",
            "ENABLE_TELEMETRY",
            "ForceEnableTelemetry",
            "FORCE_ENABLE_TELEMETRY",
            "TelemetryLogLevel",
            "TELEMETRY_LOG_LEVEL",
            DriverQueryTags.PARAMETER,
            "QUERY_TAGS");

    private static final String DATA_SOURCE = "com.databricks.client.jdbc.DataSource";

    private DriverTelemetry() {}

    /** Whether the driver that this class loader finds has a parameter. Initialises none of its classes. */
    static boolean isKnown(String parameter, ClassLoader driver) {
        String constant = CONSTANTS.get(parameter);
        if (constant == null) {
            return false;
        }
        try {
            String type = parameter.equals(DriverQueryTags.PARAMETER) ? SESSION_PARAMETERS : PARAMETERS;
            return Modifier.isStatic(
                    Class.forName(type, false, driver).getField(constant).getModifiers());
        } catch (ReflectiveOperationException | LinkageError anotherVersion) {
            return false;
        }
    }

    /** Whether a URL sets a parameter, in whatever case. */
    static boolean isInUrl(String url, String parameter) {
        String[] parts = url.split(";", -1);
        for (int i = 1; i < parts.length; i++) {
            if (key(parts[i]).equalsIgnoreCase(parameter)) {
                return true;
            }
        }
        return false;
    }

    private static String key(String part) {
        int equals = part.indexOf('=');
        return equals < 0 ? part : part.substring(0, equals);
    }

    /** Changes the properties of the driver's own data source; false when it is another, or does not let itself be changed. */
    static boolean override(DataSource dataSource, UnaryOperator<Properties> change) {
        if (!dataSource.getClass().getName().equals(DATA_SOURCE)) {
            return false;
        }
        try {
            Class<?> type = dataSource.getClass();
            Object known = type.getMethod("getProperties").invoke(dataSource);
            Properties changed = change.apply(known instanceof Properties properties ? properties : new Properties());
            type.getMethod("setProperties", Properties.class).invoke(dataSource, changed);
            return true;
        } catch (ReflectiveOperationException notInThisVersion) {
            return false;
        }
    }

    /**
     * A URL in which these parameters have these values, as far as it sets them at all: a URL beats the properties.
     * Everything else stays as it is, because an application may read its URL back from the connection's metadata.
     */
    static String rewrite(String url, Map<String, String> overrides) {
        Map<String, String> byKey = new HashMap<>();
        overrides.forEach((key, value) -> byKey.put(key.toLowerCase(Locale.ROOT), value));
        String[] parts = url.split(";", -1);
        Set<String> changed = new HashSet<>();
        for (int i = 1; i < parts.length; i++) {
            String key = key(parts[i]);
            String value = byKey.get(key.toLowerCase(Locale.ROOT));
            if (value != null) {
                parts[i] = key + "=" + value;
                changed.add(key);
            }
        }
        return changed.isEmpty() ? url : String.join(";", parts);
    }
}
