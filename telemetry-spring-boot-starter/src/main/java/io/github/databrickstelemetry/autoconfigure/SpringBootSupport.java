package io.github.databrickstelemetry.autoconfigure;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which lines of Spring Boot this library runs on. */
final class SpringBootSupport {

    static final String OLDEST = "3.5";

    private static final Pattern MAJOR_AND_MINOR = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})(\\D.*)?");

    private SpringBootSupport() {}

    /**
     * Refuses what is known to be too old. A version that is newer than any that was tried may run: nobody is helped
     * by a library that refuses tomorrow's.
     *
     * @param version as Spring Boot tells it, or null when it does not
     */
    static void check(@Nullable String version) {
        if (version == null) {
            return;
        }
        Matcher matcher = MAJOR_AND_MINOR.matcher(version);
        if (matcher.matches()) {
            int major = Integer.parseInt(matcher.group(1));
            int minor = Integer.parseInt(matcher.group(2));
            if (major < 3 || (major == 3 && minor < 5)) {
                throw new UnsupportedSpringBootException(version);
            }
        }
    }
}
