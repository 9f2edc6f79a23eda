package io.github.databrickstelemetry.jdbc;

import static io.github.databrickstelemetry.jdbc.SessionTelemetry.NO_STATEMENT;

import io.github.databrickstelemetry.event.DeferredResult;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementResult;
import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.jdbc.delegate.DelegatingStatement;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * The life of a statement's executions. An execution starts before the driver's execute call and, if that succeeds, is
 * complete when the statement is executed again or closed, or its connection is: only then the driver knows how the
 * result was fetched. Result sets are the driver's own.
 *
 * <p>A result set that closes its statement ({@code closeOnCompletion}) does so without a call of this object. The
 * execution is then complete with {@link #isClosed()}, the next use, the connection's close, or the statement's
 * collection.
 */
abstract class TrackedStatement<S extends Statement> extends DelegatingStatement<S> {

    private final InstrumentedConnection connection;
    private final SessionTelemetry session;

    /** The execution that succeeded and is not complete. */
    private @Nullable Execution open;

    /** Result of the latest execution that the driver knew. */
    private @Nullable DeferredResult lastResult;

    private @Nullable ResultSet lastResultSet;

    TrackedStatement(S delegate, InstrumentedConnection connection) {
        super(delegate);
        this.connection = connection;
        this.session = connection.session();
    }

    /**
     * Runs an execute call and reports it.
     *
     * @param sql the SQL text, or null when not known
     * @param batchSize statements in the batch; 0 outside a batch
     */
    final <R> R report(StatementType type, @Nullable String sql, int batchSize, JdbcCall<R> call) throws SQLException {
        Execution execution = begin(type, sql, batchSize);
        R result;
        try {
            result = call.run();
        } catch (Throwable failure) {
            failed(execution, failure);
            throw failure;
        }
        succeeded(execution, result instanceof ResultSet resultSet ? resultSet : null);
        return result;
    }

    private @Nullable Execution begin(StatementType type, @Nullable String sql, int batchSize) {
        try {
            complete();
            connection.completeForgotten();
            long now = System.nanoTime();
            long key =
                    session.started(OperationType.EXECUTE_STATEMENT, type, now, session.localDetails(sql, batchSize));
            return key == NO_STATEMENT ? null : connection.openExecutions().execution(this, key, now);
        } catch (Throwable failure) {
            session.swallowed("execute", failure);
            return null;
        }
    }

    private void succeeded(@Nullable Execution execution, @Nullable ResultSet resultSet) {
        if (execution == null) {
            return;
        }
        try {
            execution.endNanos = System.nanoTime();
            execution.result = session.resultOf(delegate, resultSet, execution.startNanos);
            lastResult = execution.result;
            lastResultSet = resultSet;
            if (connection.openExecutions().add(execution)) {
                open = execution;
            } else {
                session.completed(execution);
            }
            connection.showInMdc(execution.result);
        } catch (Throwable failure) {
            session.swallowed("execute", failure);
        }
    }

    private void failed(@Nullable Execution execution, Throwable cause) {
        if (execution == null) {
            return;
        }
        try {
            long latencyNanos = System.nanoTime() - execution.startNanos;
            StatementResult result = session.resultOfFailure(delegate, lastResult);
            lastResult = result == null ? lastResult : result;
            session.failed(execution.key, latencyNanos, result, cause);
            connection.showInMdc(result);
        } catch (Throwable failure) {
            session.swallowed("execute", failure);
        }
    }

    /** Completes the open execution, unless the connection's close does so. */
    private void complete() {
        Execution ended = open;
        if (ended != null) {
            open = null;
            lastResultSet = null;
            if (connection.openExecutions().remove(ended)) {
                session.completed(ended);
            }
        }
    }

    @Override
    public final ResultSet getResultSet() throws SQLException {
        ResultSet resultSet = delegate.getResultSet();
        Execution current = open;
        if (resultSet != null && resultSet != lastResultSet && current != null) {
            lastResultSet = resultSet;
            current.result = session.resultOf(delegate, resultSet, current.startNanos);
            lastResult = current.result;
        }
        return resultSet;
    }

    /** Reports before the driver closes, which may take a request and fail: the execution succeeded all the same. */
    @Override
    public final void close() throws SQLException {
        complete();
        session.reportError(JdbcCall.of(delegate::close));
    }

    @Override
    public final void cancel() throws SQLException {
        session.reportError(JdbcCall.of(delegate::cancel));
    }

    @Override
    public final boolean isClosed() throws SQLException {
        boolean closed = delegate.isClosed();
        if (closed) {
            complete();
        }
        return closed;
    }

    @Override
    public final Connection getConnection() throws SQLException {
        Connection physical = delegate.getConnection();
        return physical == connection.delegate() ? connection.shown() : physical;
    }
}
