package io.github.databrickstelemetry.config;

import java.time.Duration;

/** The checks that the settings records share. Each throws {@link InvalidSettingException}. */
final class Check {

    /** No duration setting is longer: it would overflow nanoseconds in sums. */
    private static final Duration LONGEST = Duration.ofDays(365);

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

    static void atLeast(String property, Duration value, Duration min) {
        inRange(property, value, min, LONGEST);
    }

    private static String text(Duration duration) {
        if (duration.toDays() > 0) {
            return duration.toDays() + "d";
        }
        if (duration.toMillis() % 1000 == 0) {
            return duration.toSeconds() + "s";
        }
        return duration.toMillis() + "ms";
    }
}
