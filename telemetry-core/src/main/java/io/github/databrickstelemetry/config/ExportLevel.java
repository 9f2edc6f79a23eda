package io.github.databrickstelemetry.config;

/** Which metrics are sent to the workspace. Each level includes those above it. */
public enum ExportLevel {
    /** No metric. */
    OFF,
    /** Failed statements and errors. */
    ERROR,
    /** Also statements and sessions. */
    INFO,
    /** Also metadata calls. The default. */
    DEBUG
}
