package io.github.databrickstelemetry.flag.internal;

import io.github.databrickstelemetry.workspace.internal.BlockedReason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What came of one question to a flag service. */
sealed interface FlagResponse {

    /**
     * The service said whether the flag is on.
     *
     * @param reason why it counts as off without having been said, or null
     */
    record Known(boolean enabled, Duration ttl, @Nullable String reason) implements FlagResponse {}

    /**
     * These credentials may not ask; others may.
     *
     * @param obstacle why the question was not even sent, or null if it was
     */
    record Refused(String reason, @Nullable BlockedReason obstacle) implements FlagResponse {}

    /** Nothing was learnt. */
    record Failed(String reason) implements FlagResponse {}
}
