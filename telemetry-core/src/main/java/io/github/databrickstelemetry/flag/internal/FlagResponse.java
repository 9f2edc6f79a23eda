package io.github.databrickstelemetry.flag.internal;

import io.github.databrickstelemetry.workspace.internal.BlockedReason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The result of one flag request. */
sealed interface FlagResponse {

    /** Class or HTTP status of the failure, or null. */
    @Nullable
    String error();

    /** The value of the flag. With an error it counts as off, because the service has none. */
    record Known(boolean enabled, Duration ttl, @Nullable String error) implements FlagResponse {}

    /**
     * No value for these credentials. Another principal's may be accepted.
     *
     * @param blockedReason why the request was not sent, or null if it was
     */
    record Refused(String error, @Nullable BlockedReason blockedReason) implements FlagResponse {}

    /** No value. {@code Retry-After} asks to wait, or is 0. */
    record Failed(String error, Duration retryAfter) implements FlagResponse {

        Failed(String error) {
            this(error, Duration.ZERO);
        }
    }
}
