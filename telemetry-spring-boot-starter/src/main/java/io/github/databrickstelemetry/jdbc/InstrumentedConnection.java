package io.github.databrickstelemetry.jdbc;

import io.github.databrickstelemetry.event.DeferredResult;
import io.github.databrickstelemetry.event.StatementResult;
import io.github.databrickstelemetry.jdbc.delegate.DelegatingConnection;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A connection whose statements are reported. Where it comes from decides what its close means to the session. */
public final class InstrumentedConnection extends DelegatingConnection {

    private final SessionTelemetry session;
    private final ConnectionEnd end;
    private final OpenExecutions openExecutions = new OpenExecutions();
    private final @Nullable StatementMdc mdc;
    private Connection shown = this;
    private @Nullable DatabaseMetaData metaData;

    public InstrumentedConnection(Connection delegate, SessionTelemetry session, ConnectionEnd end) {
        super(delegate);
        this.session = session;
        this.end = end;
        this.mdc = session.wantsMdc() ? new StatementMdc() : null;
    }

    /**
     * An instrumented connection for an application that may cast it, and its statements, to interfaces of the driver, as
     * no pool hides them.
     */
    public static Connection castable(Connection delegate, SessionTelemetry session, ConnectionEnd end) {
        InstrumentedConnection connection = new InstrumentedConnection(delegate, session, end);
        connection.shown = connection.castable(Connection.class, connection, delegate);
        return connection.shown;
    }

    /** Whether a connection is an instrumented one. */
    public static boolean isInstrumented(Connection connection) {
        return DriverInterfaces.behind(connection) instanceof InstrumentedConnection;
    }

    /** The connection of the driver or of the pool behind an instrumented one; of another connection, itself. */
    public static Connection behind(Connection connection) {
        return DriverInterfaces.behind(connection) instanceof InstrumentedConnection instrumented
                ? instrumented.delegate()
                : connection;
    }

    private <T> T castable(Class<T> type, T instrumented, T own) {
        try {
            return DriverInterfaces.add(type, instrumented, own);
        } catch (Throwable failure) {
            // In a native image without the hint for the proxy, for example.
            session.swallowed("driver interfaces", failure);
            return instrumented;
        }
    }

    private boolean isCastable() {
        return shown != this;
    }

    /** What the application has: this, or a proxy before it. */
    Connection shown() {
        return shown;
    }

    SessionTelemetry session() {
        return session;
    }

    OpenExecutions openExecutions() {
        return openExecutions;
    }

    /** Shows the id of the latest statement in the MDC, or none if it is not known. */
    void showInMdc(@Nullable DeferredResult latest) {
        StatementMdc current = mdc;
        if (current != null) {
            StatementResult result = latest == null ? null : latest.read();
            String id = result == null ? null : result.statementId();
            if (id == null) {
                current.end();
            } else {
                current.show(id);
            }
        }
    }

    private void endMdc() {
        StatementMdc current = mdc;
        if (current != null) {
            try {
                current.end();
            } catch (Throwable failure) {
                session.swallowed("MDC", failure);
            }
        }
    }

    /** Completes executions whose statements were collected without being closed. */
    void completeForgotten() {
        Execution forgotten;
        while ((forgotten = openExecutions.removeForgotten()) != null) {
            session.completed(forgotten);
        }
    }

    private Statement statement(JdbcCall<Statement> call) throws SQLException {
        Statement own = session.reportError(call);
        Statement instrumented = new InstrumentedStatement<>(own, this);
        return isCastable() ? castable(Statement.class, instrumented, own) : instrumented;
    }

    private PreparedStatement prepared(String sql, JdbcCall<PreparedStatement> call) throws SQLException {
        PreparedStatement own = session.reportError(call);
        PreparedStatement instrumented = new InstrumentedPreparedStatement(own, sql, this);
        return isCastable() ? castable(PreparedStatement.class, instrumented, own) : instrumented;
    }

    private CallableStatement callable(String sql, JdbcCall<CallableStatement> call) throws SQLException {
        CallableStatement created = session.reportError(call);
        try {
            return InstrumentedCallableStatement.of(created, sql, this);
        } catch (Throwable failure) {
            // In a native image without the hint for the proxy, for example.
            session.swallowed("callable statement", failure);
            return created;
        }
    }

    @Override
    public Statement createStatement() throws SQLException {
        return statement(() -> delegate.createStatement());
    }

    @Override
    public Statement createStatement(int resultSetType, int resultSetConcurrency) throws SQLException {
        return statement(() -> delegate.createStatement(resultSetType, resultSetConcurrency));
    }

    @Override
    public Statement createStatement(int resultSetType, int resultSetConcurrency, int resultSetHoldability)
            throws SQLException {
        return statement(() -> delegate.createStatement(resultSetType, resultSetConcurrency, resultSetHoldability));
    }

    @Override
    public PreparedStatement prepareStatement(String sql) throws SQLException {
        return prepared(sql, () -> delegate.prepareStatement(sql));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int resultSetType, int resultSetConcurrency)
            throws SQLException {
        return prepared(sql, () -> delegate.prepareStatement(sql, resultSetType, resultSetConcurrency));
    }

    @Override
    public PreparedStatement prepareStatement(
            String sql, int resultSetType, int resultSetConcurrency, int resultSetHoldability) throws SQLException {
        return prepared(
                sql, () -> delegate.prepareStatement(sql, resultSetType, resultSetConcurrency, resultSetHoldability));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int autoGeneratedKeys) throws SQLException {
        return prepared(sql, () -> delegate.prepareStatement(sql, autoGeneratedKeys));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int[] columnIndexes) throws SQLException {
        return prepared(sql, () -> delegate.prepareStatement(sql, columnIndexes));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, String[] columnNames) throws SQLException {
        return prepared(sql, () -> delegate.prepareStatement(sql, columnNames));
    }

    @Override
    public CallableStatement prepareCall(String sql) throws SQLException {
        return callable(sql, () -> delegate.prepareCall(sql));
    }

    @Override
    public CallableStatement prepareCall(String sql, int resultSetType, int resultSetConcurrency) throws SQLException {
        return callable(sql, () -> delegate.prepareCall(sql, resultSetType, resultSetConcurrency));
    }

    @Override
    public CallableStatement prepareCall(
            String sql, int resultSetType, int resultSetConcurrency, int resultSetHoldability) throws SQLException {
        return callable(
                sql, () -> delegate.prepareCall(sql, resultSetType, resultSetConcurrency, resultSetHoldability));
    }

    /** Calls a method for which the driver may run a statement of its own. */
    private void internal(ConnectionCall kind, JdbcCall.Action call) throws SQLException {
        session.reportInternal(delegate, kind, JdbcCall.of(call));
    }

    @Override
    public void commit() throws SQLException {
        internal(ConnectionCall.END_TRANSACTION, () -> delegate.commit());
    }

    @Override
    public void rollback() throws SQLException {
        internal(ConnectionCall.END_TRANSACTION, () -> delegate.rollback());
    }

    @Override
    public void rollback(Savepoint savepoint) throws SQLException {
        internal(ConnectionCall.END_TRANSACTION, () -> delegate.rollback(savepoint));
    }

    @Override
    public void setAutoCommit(boolean autoCommit) throws SQLException {
        internal(
                autoCommit ? ConnectionCall.AUTO_COMMIT_ON : ConnectionCall.AUTO_COMMIT_OFF,
                () -> delegate.setAutoCommit(autoCommit));
    }

    @Override
    public void setCatalog(String catalog) throws SQLException {
        internal(ConnectionCall.SET_NAMESPACE, () -> delegate.setCatalog(catalog));
    }

    @Override
    public void setSchema(String schema) throws SQLException {
        internal(ConnectionCall.SET_NAMESPACE, () -> delegate.setSchema(schema));
    }

    @Override
    public String getCatalog() throws SQLException {
        return session.reportInternal(delegate, ConnectionCall.GET_CATALOG, delegate::getCatalog);
    }

    @Override
    public boolean isValid(int timeout) throws SQLException {
        return session.reportInternal(delegate, ConnectionCall.VALIDATE, () -> delegate.isValid(timeout));
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
            // In a native image without the hint for the proxy, for example.
            session.swallowed("metadata", failure);
            return found;
        }
    }

    /** HikariCP calls this, and not {@link #close}, for each connection that is given back. */
    @Override
    public void clearWarnings() throws SQLException {
        endMdc();
        delegate.clearWarnings();
    }

    @Override
    public void close() throws SQLException {
        end(delegate::close);
    }

    /** The session ends when the call returns, although tasks of the executor may still be closing the connection. */
    @Override
    public void abort(@Nullable Executor executor) throws SQLException {
        end(() -> delegate.abort(executor));
    }

    private void end(JdbcCall.Action call) throws SQLException {
        completeOpen();
        endMdc();
        long start = System.nanoTime();
        try {
            session.reportError(JdbcCall.of(call));
        } finally {
            closed(System.nanoTime() - start);
        }
    }

    private void completeOpen() {
        try {
            openExecutions.close().forEach(session::completed);
        } catch (Throwable failure) {
            session.swallowed("connection close", failure);
        }
    }

    private void closed(long latencyNanos) {
        try {
            end.closed(latencyNanos);
        } catch (Throwable failure) {
            session.swallowed("connection close", failure);
        }
    }
}
