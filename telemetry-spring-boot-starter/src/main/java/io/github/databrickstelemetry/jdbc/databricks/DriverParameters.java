package io.github.databrickstelemetry.jdbc.databricks;

import io.github.databrickstelemetry.jdbc.JdbcSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The driver's parameters as the driver itself reads them: keys without case, the URL beats the properties, the last of
 * several wins. Immutable. Holds secrets, so it never prints a value.
 */
final class DriverParameters {

    private final Map<String, String> values;

    private DriverParameters(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Reads the parameters.
     *
     * @param urlParameters what follows the first semicolon of the URL
     */
    static DriverParameters of(@Nullable String urlParameters, JdbcSource source) {
        Map<String, String> values = new HashMap<>();
        putIfKnown(values, "user", source.user());
        putIfKnown(values, "password", source.password());
        for (Map.Entry<Object, Object> entry : source.properties().entrySet()) {
            values.put(lower(entry.getKey().toString()), entry.getValue().toString());
        }
        if (urlParameters != null) {
            for (String part : urlParameters.split(";", -1)) {
                int equals = part.indexOf('=');
                if (equals >= 0) {
                    values.put(lower(part.substring(0, equals)), part.substring(equals + 1));
                }
            }
        }
        return new DriverParameters(Map.copyOf(values));
    }

    private static void putIfKnown(Map<String, String> values, String key, @Nullable String value) {
        if (value != null) {
            values.put(key, value);
        }
    }

    private static String lower(String key) {
        return key.toLowerCase(Locale.ROOT);
    }

    /** The same parameters with one of them replaced. */
    DriverParameters with(String key, String value) {
        Map<String, String> changed = new HashMap<>(values);
        changed.put(lower(key), value);
        return new DriverParameters(Map.copyOf(changed));
    }

    /** The first of these parameters that is there, or null. Empty ones count as not there. */
    @Nullable
    String get(String... keys) {
        for (String key : keys) {
            String value = values.get(lower(key));
            if (value != null && !value.isBlank()) {
                return value;
            }
        }
        return null;
    }

    /** Whether a switch is on. The driver knows 1 for on, and takes anything else for off. */
    boolean isOn(String key, boolean byDefault) {
        String value = values.get(lower(key));
        return value == null ? byDefault : value.equals("1");
    }

    /** A number, or the default where there is none or it is no number. */
    int number(String key, int byDefault) {
        String value = get(key);
        if (value == null) {
            return byDefault;
        }
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException notANumber) {
            return byDefault;
        }
    }

    /** Names only: values may be secrets. */
    @Override
    public String toString() {
        return "DriverParameters" + values.keySet();
    }
}
