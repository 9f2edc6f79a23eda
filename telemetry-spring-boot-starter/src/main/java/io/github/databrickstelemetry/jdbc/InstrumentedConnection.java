package io.github.databrickstelemetry.jdbc;

import static io.github.databrickstelemetry.jdbc.SessionTelemetry.NO_STATEMENT;

import io.github.databrickstelemetry.jdbc.OpenStatements.Execution;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A connection whose statements are reported. Below a pool it stands for the physical connection and ends the session
 * when it is closed; from outside it stands for one borrow, and the session ends if the pool closed the physical
 * connection.
 */
final class InstrumentedConnection extends DelegatingConnection {

    private final @Nullable Connection borrowedFrom;
    private final SessionTelemetry session;
    private final OpenStatements openStatements = new OpenStatements();
    private @Nullable DatabaseMetaData metaData;
    private final AtomicBoolean inUse = new AtomicBoolean(true);

    private InstrumentedConnection(Connection delegate, @Nullable Connection borrowedFrom, SessionTelemetry session) {
        super(delegate);
        this.borrowedFrom = borrowedFrom;
        this.session = session;
    }

    /** Wraps a physical connection. */
    static InstrumentedConnection physical(Connection delegate, SessionTelemetry session) {
        return new InstrumentedConnection(delegate, null, session);
    }

    /**
     * Wraps what a pool gave out.
     *
     * @param physical the driver's connection behind it; the delegate itself if there is no pool after all
     */
    static InstrumentedConnection borrowed(Connection delegate, Connection physical, SessionTelemetry session) {
        if (physical != delegate) {
            session.borrowed();
        }
        return new InstrumentedConnection(delegate, physical, session);
    }

    SessionTelemetry session() {
        return session;
    }

    OpenStatements openStatements() {
        return openStatements;
    }

    /** A new statement's place among the open ones; a good time to let go of those that were forgotten. */
    Execution newExecution(TrackedStatement statement) {
        Execution forgotten;
        while ((forgotten = openStatements.nextForgotten()) != null) {
            if (openStatements.remove(forgotten)) {
                completed(forgotten);
            }
        }
        return new Execution(statement, openStatements);
    }

    private Statement observed(Statement statement) {
        return new InstrumentedStatement(statement, this);
    }

    private PreparedStatement observed(PreparedStatement statement) {
        return new InstrumentedPreparedStatement(statement, this);
    }

    private CallableStatement observed(CallableStatement statement) {
        return new InstrumentedCallableStatement(statement, this);
    }

    @Override
    public Statement createStatement() throws SQLException {
        try {
            return observed(delegate.createStatement());
        } catch (Throwable failure) {
            session.error(NO_STATEMENT, failure);
            throw failure;
        }
    }

    @Override
    public Statement createStatement(int resultSetType, int resultSetConcurrency) throws SQLException {
        try {
            return observed(delegate.createStatement(resultSetType, resultSetConcurrency));
        } catch (Throwable failure) {
            session.error(NO_STATEMENT, failure);
            throw failure;
        }
    }

    @Override
    public Statement createStatement(int resultSetType, int resultSetConcurrency, int resultSetHoldability)
            throws SQLException {
        try {
            return observed(delegate.createStatement(resultSetType, resultSetConcurrency, resultSetHoldability));
        } catch (Throwable failure) {
            session.error(NO_STATEMENT, failure);
            throw failure;
        }
    }

    @Override
    public PreparedStatement prepareStatement(String sql) throws SQLException {
        try {
            return observed(delegate.prepareStatement(sql));
        } catch (Throwable failure) {
            session.error(NO_STATEMENT, failure);
            throw failure;
        }
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int resultSetType, int resultSetConcurrency)
            throws SQLException {
        try {
            return observed(delegate.prepareStatement(sql, resultSetType, resultSetConcurrency));
        } catch (Throwable failure) {
            session.error(NO_STATEMENT, failure);
            throw failure;
        }
    }

    @Override
    public PreparedStatement prepareStatement(
            String sql, int resultSetType, int resultSetConcurrency, int resultSetHoldability) throws SQLException {
        try {
            return observed(delegate.prepareStatement(sql, resultSetType, resultSetConcurrency, resultSetHoldability));
        } catch (Throwable failure) {
            session.error(NO_STATEMENT, failure);
            throw failure;
        }
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int autoGeneratedKeys) throws SQLException {
        try {
            return observed(delegate.prepareStatement(sql, autoGeneratedKeys));
        } catch (Throwable failure) {
            session.error(NO_STATEMENT, failure);
            throw failure;
        }
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int[] columnIndexes) throws SQLException {
        try {
            return observed(delegate.prepareStatement(sql, columnIndexes));
        } catch (Throwable failure) {
            session.error(NO_STATEMENT, failure);
            throw failure;
        }
    }

    @Override
    public PreparedStatement prepareStatement(String sql, String[] columnNames) throws SQLException {
        try {
            return observed(delegate.prepareStatement(sql, columnNames));
        } catch (Throwable failure) {
            session.error(NO_STATEMENT, failure);
            throw failure;
        }
    }

    @Override
    public CallableStatement prepareCall(String sql) throws SQLException {
        try {
            return observed(delegate.prepareCall(sql));
        } catch (Throwable failure) {
            session.error(NO_STATEMENT, failure);
            throw failure;
        }
    }

    @Override
    public CallableStatement prepareCall(String sql, int resultSetType, int resultSetConcurrency) throws SQLException {
        try {
            return observed(delegate.prepareCall(sql, resultSetType, resultSetConcurrency));
        } catch (Throwable failure) {
            session.error(NO_STATEMENT, failure);
            throw failure;
        }
    }

    @Override
    public CallableStatement prepareCall(
            String sql, int resultSetType, int resultSetConcurrency, int resultSetHoldability) throws SQLException {
        try {
            return observed(delegate.prepareCall(sql, resultSetType, resultSetConcurrency, resultSetHoldability));
        } catch (Throwable failure) {
            session.error(NO_STATEMENT, failure);
            throw failure;
        }
    }

    @Override
    public void commit() throws SQLException {
        try {
            delegate.commit();
        } catch (Throwable failure) {
            session.error(NO_STATEMENT, failure);
            throw failure;
        }
    }

    @Override
    public void rollback() throws SQLException {
        try {
            delegate.rollback();
        } catch (Throwable failure) {
            session.error(NO_STATEMENT, failure);
            throw failure;
        }
    }

    @Override
    public void rollback(Savepoint savepoint) throws SQLException {
        try {
            delegate.rollback(savepoint);
        } catch (Throwable failure) {
            session.error(NO_STATEMENT, failure);
            throw failure;
        }
    }

    @Override
    public DatabaseMetaData getMetaData() throws SQLException {
        DatabaseMetaData found = delegate.getMetaData();
        try {
            DatabaseMetaData known = metaData;
            if (known == null || !InstrumentedMetaData.isOf(known, found)) {
                known = InstrumentedMetaData.of(found, this);
                metaData = known;
            }
            return known;
        } catch (Throwable failure) {
            // A native image without the proxy's hint, for example.
            session.swallowed("metadata", failure);
            return found;
        }
    }

    @Override
    public void close() throws SQLException {
        completeOpenStatements();
        long start = System.nanoTime();
        try {
            delegate.close();
        } catch (Throwable failure) {
            session.error(NO_STATEMENT, failure);
            throw failure;
        } finally {
            closed(start);
        }
    }

    /** The session ends when the driver has done what it gives the executor to do: until then statements go on. */
    @Override
    public void abort(@Nullable Executor executor) throws SQLException {
        completeOpenStatements();
        long start = System.nanoTime();
        AbortTasks tasks = new AbortTasks(executor, () -> closed(start));
        try {
            delegate.abort(executor == null ? null : tasks);
        } catch (Throwable failure) {
            session.error(NO_STATEMENT, failure);
            throw failure;
        } finally {
            tasks.returned();
        }
    }

    private void completeOpenStatements() {
        try {
            Execution open;
            while ((open = openStatements.closeNext()) != null) {
                if (openStatements.remove(open)) {
                    completed(open);
                }
            }
        } catch (Throwable failure) {
            session.swallowed("connection close", failure);
        }
    }

    private void completed(Execution taken) {
        session.completed(taken.key, taken.startNanos, taken.endNanos, taken.result);
    }

    private void closed(long start) {
        try {
            long latencyNanos = System.nanoTime() - start;
            if (borrowedFrom == null || borrowedFrom.isClosed()) {
                session.closed(latencyNanos);
            } else if (borrowedFrom != delegate && inUse.compareAndSet(true, false)) {
                session.returned();
            }
        } catch (Throwable failure) {
            session.swallowed("connection close", failure);
        }
    }

    @Override
    public <T> T unwrap(Class<T> iface) throws SQLException {
        T found = delegate.unwrap(iface);
        return found == delegate && iface.isInstance(this) ? iface.cast(this) : found;
    }

    @Override
    public boolean isWrapperFor(Class<?> iface) throws SQLException {
        return delegate.isWrapperFor(iface);
    }

    @Override
    public String toString() {
        return delegate.toString();
    }
}
