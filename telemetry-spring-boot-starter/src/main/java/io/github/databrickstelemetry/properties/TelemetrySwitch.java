package io.github.databrickstelemetry.properties;

import static org.springframework.core.env.StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;

/**
 * Whether telemetry is on in this process. Read when the auto-configuration is evaluated, and again at run time, because
 * ahead-of-time processing freezes the first result into the application.
 */
public final class TelemetrySwitch {

    /** The environment variable that switches everything off, regardless of all properties. */
    public static final String KILL_SWITCH = "DATABRICKS_TELEMETRY_DISABLED";

    /** The property that switches telemetry on. */
    public static final String ENABLED = TelemetryProperties.PREFIX + ".enabled";

    /** The values that Spring Boot converts to true. */
    private static final Set<String> TRUE = Set.of("1", "true", "yes", "on");

    private TelemetrySwitch() {}

    /**
     * Whether telemetry is enabled and not switched off by the environment variable.
     *
     * @throws InvalidTelemetryPropertyException if the property is not a boolean
     */
    public static boolean isOn(Environment environment) {
        try {
            return !isKilled(environment) && environment.getProperty(ENABLED, Boolean.class, false);
        } catch (ConversionException unreadable) {
            throw new InvalidTelemetryPropertyException(
                    ENABLED, "is '" + environment.getProperty(ENABLED) + "'", "true or false", unreadable);
        }
    }

    /** Whether any property source sets the kill switch: a property cannot revoke the environment variable. */
    public static boolean isKilled(Environment environment) {
        PropertySource<?> variables = environment instanceof ConfigurableEnvironment configurable
                ? configurable.getPropertySources().get(SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME)
                : null;
        return isTrue(environment.getProperty(KILL_SWITCH))
                || isTrue(variables == null ? null : variables.getProperty(KILL_SWITCH));
    }

    private static boolean isTrue(@Nullable Object value) {
        return value != null && TRUE.contains(value.toString().strip().toLowerCase(Locale.ROOT));
    }
}
