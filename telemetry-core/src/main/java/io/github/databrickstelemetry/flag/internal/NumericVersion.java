package io.github.databrickstelemetry.flag.internal;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The service refuses versions with a suffix such as {@code -oss}. */
final class NumericVersion {

    private static final Pattern LEADING_NUMBERS = Pattern.compile("(\\d{1,9})(?:\\.(\\d{1,9}))?(?:\\.(\\d{1,9}))?.*");

    private NumericVersion() {}

    /** The first three numbers of a version, or the fallback where there are none. */
    static String of(@Nullable String version, String fallback) {
        Matcher numbers = LEADING_NUMBERS.matcher(version == null ? "" : version.strip());
        return numbers.matches()
                ? numbers.group(1) + "." + orZero(numbers.group(2)) + "." + orZero(numbers.group(3))
                : fallback;
    }

    private static String orZero(@Nullable String number) {
        return number == null ? "0" : number;
    }
}
