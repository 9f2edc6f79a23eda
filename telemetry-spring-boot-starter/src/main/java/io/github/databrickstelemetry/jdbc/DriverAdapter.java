package io.github.databrickstelemetry.jdbc;

import io.github.databrickstelemetry.event.StatementResult;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * Reads from a driver's own objects what JDBC does not show. Thread-safe. Called on application threads, so it only
 * reads what is there: no I/O, no SQL, no metadata call. It may throw anything; callers guard it.
 */
public interface DriverAdapter {

    /** The server's id of the session, or null when the driver does not show it. */
    @Nullable
    String sessionId(Connection physical);

    /**
     * What the driver knows of the statement's last execution. Called once, before the statement is closed or executed
     * again, and after a failed execution.
     *
     * @param lastResultSet the result set of the last execution, or null when there was none
     * @return null when nothing is known
     */
    @Nullable
    StatementResult statementResult(Statement physical, @Nullable ResultSet lastResultSet);

    /** What the driver knows of the statement behind a result set of {@code DatabaseMetaData}, or null. */
    @Nullable
    StatementResult metadataResult(ResultSet physical);

    /** Knows nothing: ids are random UUIDs. */
    DriverAdapter NONE = new DriverAdapter() {
        @Override
        public @Nullable String sessionId(Connection physical) {
            return null;
        }

        @Override
        public @Nullable StatementResult statementResult(Statement physical, @Nullable ResultSet lastResultSet) {
            return null;
        }

        @Override
        public @Nullable StatementResult metadataResult(ResultSet physical) {
            return null;
        }
    };
}
