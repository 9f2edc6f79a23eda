package io.github.databrickstelemetry.autoconfigure;

import static org.springframework.core.env.StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
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

    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of(TelemetryProperties.PREFIX);
    private static final ConfigurationPropertyName ENABLED_NAME = ConfigurationPropertyName.of(ENABLED);

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

    /** Whether any source of properties has something below this name, or does not say whether it has. */
    static boolean isWritten(Environment environment, ConfigurationPropertyName name) {
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source.containsDescendantOf(name) != ConfigurationPropertyState.ABSENT) {
                return true;
            }
        }
        return false;
    }

    /** Whether nothing else is written about telemetry, so that all defaults hold and there is nothing to bind. */
    static boolean isAlone(Environment environment) {
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source.containsDescendantOf(ROOT) != ConfigurationPropertyState.ABSENT && !isAlone(source)) {
                return false;
            }
        }
        return true;
    }

    /** A source that cannot list its names may hold anything. */
    private static boolean isAlone(ConfigurationPropertySource source) {
        if (!(source instanceof IterableConfigurationPropertySource names)) {
            return false;
        }
        for (ConfigurationPropertyName name : names) {
            if (ROOT.isAncestorOf(name) && !name.equals(ENABLED_NAME)) {
                return false;
            }
        }
        return true;
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
