package io.github.databrickstelemetry.jdbc.databricks;

import io.github.databrickstelemetry.jdbc.JdbcSource;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The driver's parameters as the driver itself reads them: keys without case, the URL beats the properties, the last of
 * several wins. Immutable. Holds secrets, so it is no
 * record, which would print them.
 */
final class DriverParameters {

    private final Map<String, String> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    private DriverParameters() {}

    /** @param urlParameters what follows the first semicolon of the URL */
    static DriverParameters of(@Nullable String urlParameters, JdbcSource source) {
        DriverParameters parameters = new DriverParameters();
        Map<String, String> values = parameters.values;
        if (source.user() != null) {
            values.put("user", source.user());
        }
        if (source.password() != null) {
            values.put("password", source.password());
        }
        source.properties().forEach((key, value) -> values.put(key.toString(), value.toString()));
        for (String part : (urlParameters == null ? "" : urlParameters).split(";", -1)) {
            int equals = part.indexOf('=');
            if (equals >= 0) {
                values.put(part.substring(0, equals), part.substring(equals + 1));
            }
        }
        return parameters;
    }

    /** The same parameters with one of them replaced. */
    DriverParameters with(String key, String value) {
        DriverParameters changed = new DriverParameters();
        changed.values.putAll(values);
        changed.values.put(key, value);
        return changed;
    }

    /** The first of these parameters that is there, or null. Empty ones count as not there. */
    @Nullable
    String get(String... keys) {
        for (String key : keys) {
            String value = values.get(key);
            if (value != null && !value.isBlank()) {
                return value;
            }
        }
        return null;
    }

    /** Whether a switch is on. The driver knows 1 for on, and takes anything else for off. */
    boolean isOn(String key, boolean byDefault) {
        String value = values.get(key);
        return value == null ? byDefault : value.equals("1");
    }

    /** A number, or the default where there is none or it is no number. */
    int number(String key, int byDefault) {
        try {
            return Integer.parseInt(values.getOrDefault(key, ""));
        } catch (NumberFormatException notANumber) {
            return byDefault;
        }
    }
}
