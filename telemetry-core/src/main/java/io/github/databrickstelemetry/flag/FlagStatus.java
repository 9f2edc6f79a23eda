package io.github.databrickstelemetry.flag;

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
