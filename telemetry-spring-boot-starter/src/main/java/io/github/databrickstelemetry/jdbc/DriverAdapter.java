package io.github.databrickstelemetry.jdbc;

import io.github.databrickstelemetry.event.DeferredResult;
import io.github.databrickstelemetry.event.StatementResult;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Wrapper;
import org.jspecify.annotations.Nullable;

/**
 * Reads from a driver's own objects what JDBC does not show. Thread-safe. Called on application threads, so it only
 * reads what is there: no I/O, no SQL, no metadata call. It may throw anything; callers guard it. Null means that nothing is
 * known.
 *
 * <p>Drivers forget: the Databricks driver drops a statement's counters when its result set is closed. So the adapter is
 * asked right after the execute call, for something that can be read later, on a thread of the engine's.
 */
public interface DriverAdapter {

    /** A call of a connection for which a driver may run a statement of its own. */
    enum ConnectionCall {
        /** {@code commit} or {@code rollback}. */
        END_TRANSACTION,
        /** {@code setAutoCommit(true)}. */
        AUTO_COMMIT_ON,
        /** {@code setAutoCommit(false)}. */
        AUTO_COMMIT_OFF,
        /** {@code setCatalog} or {@code setSchema}. */
        SET_NAMESPACE,
        GET_CATALOG,
        /** {@code isValid}. */
        VALIDATE
    }

    /** The server's id of the session. */
    default @Nullable String sessionId(Connection physical) {
        return null;
    }

    /**
     * The driver's own connection behind what a pool gave out, or that itself if it is the driver's. Called for every
     * borrow, so that sessions are told apart by what is always the same object.
     */
    default @Nullable Connection physical(Connection borrowed) throws SQLException {
        return null;
    }

    /**
     * What can be read of an execution when its statement has ended. Called right after the execute call returned
     * successfully, on the same thread; and once more when the application asks for a result set that the call did not
     * return.
     *
     * @param resultSet the result set of the execution, or null when there was none
     * @param startNanos {@link System#nanoTime()} before the execute call, or 0 when not known
     * @return holds neither rows nor the statement
     */
    default @Nullable DeferredResult executed(Statement physical, @Nullable ResultSet resultSet, long startNanos) {
        return null;
    }

    /**
     * What the driver knows of an execution that failed; where it failed early, that may be what it knew before. Called
     * right after the execute call threw, on the same thread.
     */
    default @Nullable StatementResult failed(Statement physical) {
        return null;
    }

    /**
     * Marks the last statement of the calling thread. Called right before a call for which the driver may run a statement
     * of its own, on the same thread.
     *
     * @param physical a connection or its metadata
     */
    default @Nullable Object mark(Wrapper physical) {
        return null;
    }

    /** The statement that the driver has run on the calling thread since {@link #mark} returned {@code mark}. */
    default @Nullable StatementResult ranSince(Wrapper physical, @Nullable Object mark) {
        return null;
    }

    /**
     * Whether the driver runs a statement for a call of the connection and shows no id of it afterwards. Called right
     * before the call, on the same thread.
     */
    default boolean runsStatement(Connection physical, ConnectionCall call) throws SQLException {
        return false;
    }

    /**
     * Whether this version of the driver is known to have a property. Some versions pass unknown ones on to the server.
     *
     * @param driver a class loader that finds the driver, or null if none is known
     */
    default boolean knows(String property, @Nullable ClassLoader driver) {
        return true;
    }

    /** Knows nothing: ids are random UUIDs. */
    DriverAdapter NONE = new DriverAdapter() {};
}
