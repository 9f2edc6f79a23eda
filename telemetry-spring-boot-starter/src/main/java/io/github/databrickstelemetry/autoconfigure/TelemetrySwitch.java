package io.github.databrickstelemetry.autoconfigure;

import static org.springframework.core.env.StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;

/**
 * Whether telemetry may run in this process. Asked when the auto-configuration is evaluated, and again at run time,
 * because ahead-of-time processing freezes the first answer into the application.
 */
final class TelemetrySwitch {

    /** The environment variable that switches everything off, whatever the properties say. */
    static final String KILL_SWITCH = "DATABRICKS_TELEMETRY_DISABLED";

    static final String ENABLED = TelemetryProperties.PREFIX + ".enabled";

    /** What Spring Boot takes for a boolean that is true. */
    private static final Set<String> YES = Set.of("1", "true", "yes", "on");

    private TelemetrySwitch() {}

    static boolean isOn(Environment environment) {
        return isEnabled(environment) && !isKilled(environment);
    }

    /** Whether the property says so. */
    static boolean isEnabled(Environment environment) {
        return isYes(environment.getProperty(ENABLED));
    }

    /** Whether any source of properties sets the switch: one that says "no" does not take back what the variable says. */
    static boolean isKilled(Environment environment) {
        return isYes(environment.getProperty(KILL_SWITCH)) || isYes(variable(environment));
    }

    private static @Nullable Object variable(Environment environment) {
        PropertySource<?> variables = environment instanceof ConfigurableEnvironment configurable
                ? configurable.getPropertySources().get(SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME)
                : null;
        return variables == null ? null : variables.getProperty(KILL_SWITCH);
    }

    private static boolean isYes(@Nullable Object value) {
        return value != null && YES.contains(value.toString().strip().toLowerCase(Locale.ROOT));
    }
}
