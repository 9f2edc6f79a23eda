package io.github.databrickstelemetry.jdbc;

import static io.github.databrickstelemetry.jdbc.SessionTelemetry.NO_STATEMENT;

import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementResult;
import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.jdbc.OpenStatements.Execution;
import io.github.databrickstelemetry.jdbc.delegate.DelegatingStatement;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * The life of a statement's executions. One starts before the driver's execute call and, when that succeeds, stays open
 * until the statement is executed again or closed, or its connection is, because only then the driver knows how the
 * result was fetched. Result sets are the driver's own.
 *
 * <p>A result set that closes its statement ({@code closeOnCompletion}) does so without passing here: the execution
 * then ends with {@link #isClosed()}, the next use, the connection's close, or the statement's collection.
 */
abstract class TrackedStatement extends DelegatingStatement {

    private final InstrumentedConnection connection;
    private @Nullable Execution execution;
    private @Nullable ResultSet lastResultSet;

    TrackedStatement(Statement delegate, InstrumentedConnection connection) {
        super(delegate);
        this.connection = connection;
    }

    /** An execute call begins. */
    final void begin(StatementType type) {
        try {
            complete();
            Execution current = execution;
            if (current == null) {
                current = connection.newExecution(this);
                execution = current;
            }
            long now = System.nanoTime();
            current.startNanos = now;
            current.key = connection.session().started(OperationType.EXECUTE_STATEMENT, type, now);
        } catch (Throwable failure) {
            connection.session().swallowed("execute", failure);
        }
    }

    /** The execute call returned. */
    final void succeeded(@Nullable ResultSet resultSet) {
        try {
            Execution current = execution;
            if (current != null && current.key != NO_STATEMENT) {
                current.endNanos = System.nanoTime();
                lastResultSet = resultSet;
                current.result = connection.session().resultOf(delegate, resultSet);
                current.open = true;
                if (!connection.openStatements().add(current)) {
                    end(current);
                }
            }
        } catch (Throwable failure) {
            connection.session().swallowed("execute", failure);
        }
    }

    /** The execute call threw. */
    final void failed(Throwable cause) {
        try {
            Execution current = execution;
            if (current != null && current.key != NO_STATEMENT) {
                long latencyNanos = System.nanoTime() - current.startNanos;
                long key = current.key;
                current.key = NO_STATEMENT;
                StatementResult result = connection.session().resultOfFailure(delegate, current.result);
                current.result = result == null ? current.result : result;
                connection.session().failed(key, latencyNanos, result, cause);
            }
        } catch (Throwable failure) {
            connection.session().swallowed("execute", failure);
        }
    }

    /** Completes the open execution, if there is one and it is not just being completed by its connection's close. */
    private void complete() {
        Execution current = execution;
        if (current == null || !current.open) {
            return;
        }
        if (connection.openStatements().remove(current)) {
            end(current);
        } else {
            Execution next = connection.newExecution(this);
            next.result = current.result;
            execution = next;
        }
        lastResultSet = null;
    }

    private void end(Execution ended) {
        long key = ended.key;
        ended.key = NO_STATEMENT;
        ended.open = false;
        connection.session().completed(key, ended.startNanos, ended.endNanos, ended.result);
    }

    @Override
    public final ResultSet getResultSet() throws SQLException {
        ResultSet resultSet = delegate.getResultSet();
        Execution current = execution;
        if (resultSet != null && resultSet != lastResultSet && current != null && current.open) {
            lastResultSet = resultSet;
            current.result = connection.session().resultOf(delegate, resultSet);
        }
        return resultSet;
    }

    /** Reported before the driver closes it, which may take a request and fail: the execution ended well all the same. */
    @Override
    public final void close() throws SQLException {
        complete();
        try {
            delegate.close();
        } catch (Throwable failure) {
            connection.session().error(NO_STATEMENT, failure);
            throw failure;
        }
    }

    @Override
    public final void cancel() throws SQLException {
        try {
            delegate.cancel();
        } catch (Throwable failure) {
            connection.session().error(NO_STATEMENT, failure);
            throw failure;
        }
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
        return physical == connection.delegate() ? connection : physical;
    }

    @Override
    public final <T> T unwrap(Class<T> iface) throws SQLException {
        T found = delegate.unwrap(iface);
        return found == delegate && iface.isInstance(this) ? iface.cast(this) : found;
    }

    @Override
    public final boolean isWrapperFor(Class<?> iface) throws SQLException {
        return delegate.isWrapperFor(iface);
    }

    @Override
    public final String toString() {
        return delegate.toString();
    }
}
