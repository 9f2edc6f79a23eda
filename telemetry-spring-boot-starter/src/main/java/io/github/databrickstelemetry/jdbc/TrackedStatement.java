package io.github.databrickstelemetry.jdbc;

import static io.github.databrickstelemetry.jdbc.SessionTelemetry.NO_STATEMENT;

import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementResult;
import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.jdbc.OpenStatements.Execution;
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
    private @Nullable Object remembered;

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
                remembered = connection.session().remember(delegate, resultSet);
                if (!connection.openStatements().add(current)) {
                    end(current, takeResult());
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
                connection.session().failed(key, latencyNanos, takeResultOfFailure(), cause);
            }
        } catch (Throwable failure) {
            connection.session().swallowed("execute", failure);
        }
    }

    /** Completes the open execution, if there is one. */
    private void complete() {
        Execution ended = takeOpen();
        if (ended != null) {
            end(ended, takeResult());
        }
    }

    private @Nullable Execution takeOpen() {
        Execution current = execution;
        return current != null && connection.openStatements().remove(current) ? current : null;
    }

    private @Nullable StatementResult takeResult() {
        ResultSet resultSet = lastResultSet;
        Object known = remembered;
        lastResultSet = null;
        remembered = null;
        return connection.session().resultOf(delegate, resultSet, known);
    }

    /** A statement that was closed shows the id of what it ran before, so it is not asked. */
    private @Nullable StatementResult takeResultOfFailure() {
        try {
            if (!delegate.isClosed()) {
                return takeResult();
            }
        } catch (Throwable failure) {
            connection.session().swallowed("closed check", failure);
        }
        lastResultSet = null;
        remembered = null;
        return null;
    }

    private void end(Execution ended, @Nullable StatementResult result) {
        long key = ended.key;
        ended.key = NO_STATEMENT;
        connection.session().completed(key, ended.startNanos, ended.endNanos, result);
    }

    /** Completes {@code ended}, which the caller has taken out of the open ones, because the connection closes. */
    final void completeAtConnectionClose(Execution ended) {
        end(ended, takeResult());
    }

    @Override
    public final ResultSet getResultSet() throws SQLException {
        ResultSet resultSet = delegate.getResultSet();
        Execution current = execution;
        if (resultSet != null && current != null && current.key != NO_STATEMENT) {
            lastResultSet = resultSet;
        }
        return resultSet;
    }

    @Override
    public final void close() throws SQLException {
        SessionTelemetry session = connection.session();
        Execution ended = takeOpen();
        long key = ended == null ? NO_STATEMENT : ended.key;
        StatementResult result = ended == null ? null : takeResult();
        try {
            delegate.close();
        } catch (Throwable failure) {
            session.error(key, failure);
            throw failure;
        } finally {
            if (ended != null) {
                end(ended, result);
            }
        }
    }

    @Override
    public final void cancel() throws SQLException {
        try {
            delegate.cancel();
        } catch (Throwable failure) {
            Execution current = execution;
            connection.session().error(current == null ? NO_STATEMENT : current.key, failure);
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
        return physical == connection.delegate ? connection : physical;
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
