package io.github.databrickstelemetry.flag;

/** Where the knowledge of a host's feature flag stands. */
public enum FlagStatus {
    /** No answer yet: metrics wait. */
    INITIALIZING,
    /** On, by a current answer. */
    VALID,
    /** The last known value holds, because the newest question failed. */
    INTERRUPTED,
    /** Off, by a current answer. */
    OFF,
    /** Not asked: settings decide. */
    OVERRIDDEN
}
