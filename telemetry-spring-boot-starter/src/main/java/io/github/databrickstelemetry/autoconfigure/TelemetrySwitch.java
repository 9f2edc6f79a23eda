package io.github.databrickstelemetry.autoconfigure;

import java.util.Locale;
import java.util.Set;
import org.springframework.core.env.Environment;

/**
 * Whether telemetry may run in this process. Asked when the auto-configuration is evaluated, and again at run time,
 * because ahead-of-time processing freezes the first answer into the application.
 */
final class TelemetrySwitch {

    /** The environment variable that switches everything off, whatever the properties say. */
    static final String KILL_SWITCH = "DATABRICKS_TELEMETRY_DISABLED";

    static final String ENABLED = TelemetryProperties.PREFIX + ".enabled";

    private static final Set<String> YES = Set.of("1", "true", "yes", "on");

    private TelemetrySwitch() {}

    static boolean isOn(Environment environment) {
        return !isKilled(environment) && "true".equalsIgnoreCase(environment.getProperty(ENABLED));
    }

    static boolean isKilled(Environment environment) {
        String value = environment.getProperty(KILL_SWITCH);
        return value != null && YES.contains(value.strip().toLowerCase(Locale.ROOT));
    }
}
