package io.github.databrickstelemetry.config;

import java.time.Duration;

/** The checks that the settings records share. Each throws {@link InvalidSettingException}. */
final class Check {

    private Check() {}

    static void inRange(String property, int value, int min, int max) {
        if (value < min || value > max) {
            throw new InvalidSettingException(property, value, "between " + min + " and " + max);
        }
    }

    static void inRange(String property, Duration value, Duration min, Duration max) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new InvalidSettingException(property, value, "between " + text(min) + " and " + text(max));
        }
    }

    /** As it would be written in a property. */
    private static String text(Duration duration) {
        long seconds = duration.toSeconds();
        if (duration.toMillisPart() > 0) {
            return duration.toMillis() + "ms";
        }
        if (seconds == 0 || seconds % 60 > 0) {
            return seconds + "s";
        }
        if (seconds % 3600 > 0) {
            return seconds / 60 + "m";
        }
        return seconds % 86_400 > 0 ? seconds / 3600 + "h" : seconds / 86_400 + "d";
    }
}
