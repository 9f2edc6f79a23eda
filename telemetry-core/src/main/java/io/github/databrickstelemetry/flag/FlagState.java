package io.github.databrickstelemetry.flag;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a host's feature flag at one moment. Immutable.
 *
 * @param status where the knowledge stands
 * @param enabled the value, or null while there was no response
 * @param answeredAtMillis epoch milliseconds of the last response, 0 where there is none
 * @param lastError class or HTTP status of the last failure, or null
 */
public record FlagState(
        FlagStatus status,
        @Nullable Boolean enabled,
        long answeredAtMillis,
        @Nullable String lastError) {

    /** Where the knowledge of a host's feature flag stands. */
    public enum FlagStatus {
        /** No response yet: metrics wait. */
        INITIALIZING,
        /** On, by a current response. */
        VALID,
        /** The last known value holds, because the last request failed. */
        INTERRUPTED,
        /** Off, by a current response. */
        OFF,
        /** No request: settings decide. */
        OVERRIDDEN
    }

    /** No response yet. */
    public static final FlagState UNKNOWN = new FlagState(FlagStatus.INITIALIZING, null, 0, null);
}
