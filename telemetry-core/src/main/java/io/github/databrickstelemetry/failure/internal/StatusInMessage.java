package io.github.databrickstelemetry.failure.internal;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads an HTTP status out of the message of the Databricks driver's {@code DatabricksHttpException}: over Thrift the
 * driver tells it nowhere else, and calls a refusal a broken connection. Nothing but the number is taken. Stateless,
 * thread-safe.
 */
final class StatusInMessage {

    private static final String CLASS_NAME = "DatabricksHttpException";
    private static final Pattern MESSAGE = Pattern.compile("HTTP request failed by code: ([1-5][0-9]{2}),");

    private StatusInMessage() {}

    /** The status, or 0 where there is none. */
    static int read(Throwable failure) {
        if (!failure.getClass().getName().endsWith(CLASS_NAME)) {
            return 0;
        }
        // Only at the very beginning: further on, a server's or a person's words may follow.
        Matcher matcher = MESSAGE.matcher(orEmpty(CauseChain.message(failure)));
        return matcher.lookingAt() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    private static String orEmpty(@Nullable String message) {
        return message == null ? "" : message;
    }
}
