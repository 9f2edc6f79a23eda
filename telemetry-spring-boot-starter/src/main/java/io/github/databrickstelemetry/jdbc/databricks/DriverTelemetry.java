package io.github.databrickstelemetry.jdbc.databricks;

import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/** The telemetry that the Databricks driver sends by itself, and how it is switched off. Stateless. */
public final class DriverTelemetry {

    /**
     * Driver properties that silence it. The level alone stops everything that is sent, whatever else is set, in
     * drivers that know it; older ones know the other two.
     */
    public static final Map<String, String> OFF =
            Map.of("EnableTelemetry", "0", "ForceEnableTelemetry", "0", "TelemetryLogLevel", "OFF");

    /** Where drivers list their parameters since 3.0. Earlier ones send unknown parameters to the server. */
    private static final List<String> PARAMETERS = List.of(
            "com.databricks.jdbc.common.DatabricksJdbcUrlParams", "com.databricks.jdbc.common.DatabricksJdbcConstants");

    private static final String DATA_SOURCE = "com.databricks.client.jdbc.DataSource";

    private DriverTelemetry() {}

    /** Whether the driver that this class loader finds has a parameter. Initialises none of its classes. */
    static boolean isKnown(String parameter, ClassLoader driver) {
        // The driver's constants are named after the parameters.
        String constant = parameter.replaceAll("([a-z])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT);
        return PARAMETERS.stream().anyMatch(list -> hasConstant(list, constant, driver));
    }

    private static boolean hasConstant(String type, String name, ClassLoader loader) {
        try {
            return Modifier.isStatic(
                    Class.forName(type, false, loader).getField(name).getModifiers());
        } catch (ReflectiveOperationException | LinkageError anotherVersion) {
            return false;
        }
    }

    /** Whether a URL sets a parameter, in whatever case. */
    static boolean isInUrl(String url, String parameter) {
        return inUrl(parameter).matcher(url).find();
    }

    private static Pattern inUrl(String parameter) {
        return Pattern.compile("(;" + Pattern.quote(parameter) + ")(=[^;]*)?(?=;|\\z)", Pattern.CASE_INSENSITIVE);
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
        String rewritten = url;
        for (Map.Entry<String, String> override : overrides.entrySet()) {
            rewritten = inUrl(override.getKey())
                    .matcher(rewritten)
                    .replaceAll("$1=" + Matcher.quoteReplacement(override.getValue()));
        }
        return rewritten;
    }
}
