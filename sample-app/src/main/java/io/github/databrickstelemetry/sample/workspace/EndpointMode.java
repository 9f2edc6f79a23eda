package io.github.databrickstelemetry.sample.workspace;

/** How the telemetry service behaves at present. */
public enum EndpointMode {
    /** Takes what it receives. */
    HEALTHY,
    /** Answers 500. */
    ERROR,
    /** Receives, and never answers. */
    HANG,
    /** Drops the connection without an answer. */
    REFUSE
}
