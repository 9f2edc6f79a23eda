package io.github.databrickstelemetry.event;

/** What kind of call executed the statement ({@code statement_type}). Given by the method, never by reading the SQL. */
public enum StatementType {
    /** Not known; left out on the wire. */
    NONE,
    /** {@code executeQuery}. */
    QUERY,
    /** {@code execute}, which may be anything. */
    SQL,
    /** {@code executeUpdate} and batches. */
    UPDATE,
    /** {@code DatabaseMetaData}. */
    METADATA
}
