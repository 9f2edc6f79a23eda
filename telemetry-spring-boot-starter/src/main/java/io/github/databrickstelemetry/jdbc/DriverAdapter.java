package io.github.databrickstelemetry.jdbc;

import io.github.databrickstelemetry.event.StatementResult;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Reads from a driver's own objects what JDBC does not show. Thread-safe. Called on application threads, so it only
 * reads what is there: no I/O, no SQL, no metadata call. It may throw anything; callers guard it.
 *
 * <p>Drivers forget: the Databricks driver drops a statement's counters when its result set is closed, which an
 * application does before it closes the statement. So the adapter is asked right after the execute call, too, and what
 * it answers is handed back to it at the end.
 */
public interface DriverAdapter {

    /** The server's id of the session, or null when the driver does not show it. */
    @Nullable
    String sessionId(Connection physical);

    /**
     * The driver's own connection behind a pool's that hides it from {@code unwrap(Connection.class)}. Called for every
     * borrow, so that sessions are told apart by what is always the same object.
     *
     * @return the given one when there is none behind it that this adapter knows
     */
    default Connection physical(Connection pooled) throws SQLException {
        return pooled;
    }

    /**
     * What must be remembered of an execution until the statement ends. Called once, right after the execute call
     * returned successfully, on the same thread.
     *
     * @param resultSet the result set of the execution, or null when there was none
     * @return for {@link #statementResult}, kept by the caller together with the statement; null when there is nothing
     */
    @Nullable
    Object executed(Statement physical, @Nullable ResultSet resultSet);

    /**
     * What the driver knows of the statement's last execution. Called once, before the statement is closed or executed
     * again, and after a failed execution.
     *
     * @param lastResultSet the result set of the last execution, or null when there was none
     * @param remembered what {@link #executed} answered, or null when the execution failed
     * @return null when nothing is known
     */
    @Nullable
    StatementResult statementResult(Statement physical, @Nullable ResultSet lastResultSet, @Nullable Object remembered);

    /**
     * What must be remembered of the time before a metadata query. Called right before the call, on the same thread.
     *
     * @return for {@link #metadataResult}; null when there is nothing
     */
    @Nullable
    Object beforeMetadata(DatabaseMetaData physical);

    /**
     * What the driver knows of the statement behind a result set of {@code DatabaseMetaData}, or null. Called right
     * after the call, on the same thread.
     *
     * @param resultSet what the call returned, or null when it failed
     * @param before what {@link #beforeMetadata} answered
     */
    @Nullable
    StatementResult metadataResult(DatabaseMetaData physical, @Nullable ResultSet resultSet, @Nullable Object before);

    /**
     * The URL to connect with below the pool, so that driver properties count although the URL sets them otherwise.
     * What people see of a data source keeps its own URL. Never printed: a URL may hold secrets.
     *
     * @param overrides as in {@link ObservedDataSource#driverOverrides()}
     * @return a URL that carries the overrides, or the same one when there is nothing to change
     */
    String overriding(String url, Map<String, String> overrides);

    /**
     * Sets driver properties of the driver's own data source, so that its next connections have them. What it shows as
     * its URL stays the same. Called before it is used.
     *
     * @param change answers with a changed copy
     * @return whether they are set; false when it is no such data source, and nothing was changed
     */
    default boolean override(DataSource driverDataSource, UnaryOperator<Properties> change) {
        return false;
    }

    /** Knows nothing: ids are random UUIDs. */
    DriverAdapter NONE = new DriverAdapter() {
        @Override
        public @Nullable String sessionId(Connection physical) {
            return null;
        }

        @Override
        public @Nullable Object executed(Statement physical, @Nullable ResultSet resultSet) {
            return null;
        }

        @Override
        public @Nullable StatementResult statementResult(
                Statement physical, @Nullable ResultSet lastResultSet, @Nullable Object remembered) {
            return null;
        }

        @Override
        public @Nullable Object beforeMetadata(DatabaseMetaData physical) {
            return null;
        }

        @Override
        public @Nullable StatementResult metadataResult(
                DatabaseMetaData physical, @Nullable ResultSet resultSet, @Nullable Object before) {
            return null;
        }

        @Override
        public String overriding(String url, Map<String, String> overrides) {
            return url;
        }
    };
}
