package io.github.databrickstelemetry.event;

import org.jspecify.annotations.Nullable;

/**
 * What is reported of a failure. Immutable; made at once where the failure is seen, so that no exception is kept alive.
 * Never holds SQL text: a message is there only with {@code error-detail=message}, and redacted.
 *
 * @param kind what a retry could do about it
 * @param exceptionClass the exception's class name
 * @param sqlState the SQLState or the driver's error name, or null
 * @param vendorCode the vendor code, 0 where there is none
 * @param httpStatus the HTTP status found in the cause chain, 0 where there is none
 * @param stackFrames stack frames without messages, or null where the settings leave them out
 * @param message the redacted message, or null where the settings leave it out
 */
public record ErrorDetails(
        ErrorKind kind,
        String exceptionClass,
        @Nullable String sqlState,
        int vendorCode,
        int httpStatus,
        @Nullable String stackFrames,
        @Nullable String message) {

    public ErrorDetails {
        exceptionClass = Text.cap(exceptionClass, Text.NAME);
        sqlState = Text.capNullable(sqlState, Text.NAME);
        stackFrames = Text.capNullable(stackFrames, Text.LONG);
        message = Text.capNullable(message, Text.LONG);
    }

    /** What a retry could do about a failure. */
    public enum ErrorKind {
        /** No retry can cure it: 400, 401, 403, 404, authentication, wrong SQL. Its statement is reported at once. */
        TERMINAL,
        /** A retry may cure it: 408, 429, 5xx, timeouts, refused and reset connections. Held with its statement. */
        RETRYABLE,
        /** Not known to be either. Held with its statement. */
        OTHER
    }
}
