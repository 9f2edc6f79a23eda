package io.github.databrickstelemetry.flag;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a host's feature flag at one moment. Immutable.
 *
 * @param status where the knowledge stands
 * @param enabled the value, or null while there is no answer
 * @param answeredAtMillis epoch milliseconds of the last answer, 0 where there is none
 * @param lastError class or HTTP status of the last failure, or null
 */
public record FlagState(
        FlagStatus status,
        @Nullable Boolean enabled,
        long answeredAtMillis,
        @Nullable String lastError) {

    /** No answer yet. */
    public static final FlagState UNKNOWN = new FlagState(FlagStatus.INITIALIZING, null, 0, null);
}
