package io.github.databrickstelemetry.flag;

import io.github.databrickstelemetry.http.Obstacle;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What came of one question to a flag service. */
sealed interface FlagAnswer {

    /**
     * The service said whether the flag is on.
     *
     * @param reason why it counts as off without having been said, or null
     */
    record Known(boolean enabled, Duration ttl, @Nullable String reason) implements FlagAnswer {}

    /**
     * These credentials may not ask; others may.
     *
     * @param obstacle why the question was not even sent, or null if it was
     */
    record Refused(String reason, @Nullable Obstacle obstacle) implements FlagAnswer {}

    /** Nothing was learnt. */
    record Failed(String reason) implements FlagAnswer {}
}
