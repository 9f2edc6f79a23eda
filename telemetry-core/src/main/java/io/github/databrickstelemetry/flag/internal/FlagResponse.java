package io.github.databrickstelemetry.flag.internal;

import io.github.databrickstelemetry.workspace.internal.BlockedReason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The result of one flag request. */
sealed interface FlagResponse {

    /** Class or HTTP status of the failure, or null. */
    @Nullable
    String error();

    /**
     * The value of the flag.
     *
     * @param error why it counts as off without a value from the service, or null
     */
    record Known(boolean enabled, Duration ttl, @Nullable String error) implements FlagResponse {}

    /**
     * No value for these credentials. Another principal's may be accepted.
     *
     * @param blockedReason why the request was not sent, or null if it was
     */
    record Refused(String error, @Nullable BlockedReason blockedReason) implements FlagResponse {}

    /**
     * No value.
     *
     * @param retryAfterNanos the time that the service asks to wait, or 0
     */
    record Failed(String error, long retryAfterNanos) implements FlagResponse {}
}
