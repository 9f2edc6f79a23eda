package io.github.databrickstelemetry.properties;

/** Which statements are logged. */
public enum StatementLogMode {
    /** No statement. */
    OFF,
    /** Statements that take at least {@code insight.slow-threshold}. */
    SLOW,
    /** Failed statements. */
    FAILED,
    /** Every statement. */
    ALL
}
