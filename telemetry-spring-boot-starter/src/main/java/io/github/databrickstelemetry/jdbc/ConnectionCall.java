package io.github.databrickstelemetry.jdbc;

/** A call of a connection for which a driver may run a statement of its own. */
public enum ConnectionCall {
    /** {@code commit} or {@code rollback}. */
    END_TRANSACTION,
    /** {@code setAutoCommit(true)}. */
    AUTO_COMMIT_ON,
    /** {@code setAutoCommit(false)}. */
    AUTO_COMMIT_OFF,
    /** {@code setCatalog} or {@code setSchema}. */
    SET_NAMESPACE,
    /** {@code getCatalog}. */
    GET_CATALOG,
    /** {@code isValid}. */
    VALIDATE
}
