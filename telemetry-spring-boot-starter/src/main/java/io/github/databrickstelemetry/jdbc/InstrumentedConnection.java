package io.github.databrickstelemetry.jdbc;

import io.github.databrickstelemetry.jdbc.DriverAdapter.ConnectionCall;
import io.github.databrickstelemetry.jdbc.SessionTelemetry.Action;
import io.github.databrickstelemetry.jdbc.SessionTelemetry.Call;
import io.github.databrickstelemetry.jdbc.delegate.DelegatingConnection;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A connection whose statements are reported. Where it comes from decides what its close means to the session. */
public final class InstrumentedConnection extends DelegatingConnection {

    /** What the close of an instrumented connection means to its session. Thread-safe. */
    public interface End {

        /** The connection was closed, which took so long. May be called more than once. */
        void closed(long latencyNanos) throws SQLException;
    }

    final SessionTelemetry session;
    final Executions executions;
    private final End end;
    private Connection shown = this;
    private @Nullable InstrumentedMetaData metaData;

    public InstrumentedConnection(Connection delegate, SessionTelemetry session, End end) {
        super(delegate);
        this.session = session;
        this.executions = new Executions(session);
        this.end = end;
    }

    /**
     * An instrumented connection for an application that may cast it, and its statements, to interfaces of the driver, as
     * no pool hides them.
     */
    public static Connection castable(Connection delegate, SessionTelemetry session, End end) {
        InstrumentedConnection connection = new InstrumentedConnection(delegate, session, end);
        connection.shown = connection.castable(Connection.class, connection, delegate);
        return connection.shown;
    }

    /** Whether a connection is an instrumented one. */
    public static boolean isInstrumented(Connection connection) {
        return JdbcProxy.instrumented(connection) instanceof InstrumentedConnection;
    }

    /** The connection of the driver or of the pool behind an instrumented one; of another connection, itself. */
    public static Connection behind(Connection connection) {
        return JdbcProxy.instrumented(connection) instanceof InstrumentedConnection instrumented
                ? instrumented.delegate()
                : connection;
    }

    /** What the application has: this, or a proxy before it. */
    Connection shown() {
        return shown;
    }

    private <T> T castable(Class<T> type, T instrumented, T own) {
        return proxyOr(instrumented, () -> JdbcProxy.castable(type, instrumented, own));
    }

    /** A proxy, or what serves without: in a native image that lacks the hint for the proxy, for example. */
    private <T> T proxyOr(T otherwise, Callable<T> proxy) {
        T made = session.guard.get("proxy", proxy);
        return made == null ? otherwise : made;
    }

    private Statement statement(Call<Statement> call) throws SQLException {
        Statement own = session.reportError(call);
        Statement instrumented = new InstrumentedStatement<>(own, this);
        return shown == this ? instrumented : castable(Statement.class, instrumented, own);
    }

    private PreparedStatement prepared(String sql, Call<PreparedStatement> call) throws SQLException {
        PreparedStatement own = session.reportError(call);
        PreparedStatement instrumented = new InstrumentedPreparedStatement(own, sql, this);
        return shown == this ? instrumented : castable(PreparedStatement.class, instrumented, own);
    }

    /** An instrumented prepared statement, with the driver's own object for the methods of a callable one. */
    private CallableStatement callable(String sql, Call<CallableStatement> call) throws SQLException {
        CallableStatement own = session.reportError(call);
        PreparedStatement instrumented = new InstrumentedPreparedStatement(own, sql, this);
        return proxyOr(own, () -> new JdbcProxy<>(CallableStatement.class, instrumented, own).create());
    }

    @Override
    public Statement createStatement() throws SQLException {
        return statement(delegate::createStatement);
    }

    @Override
    public Statement createStatement(int type, int concurrency) throws SQLException {
        return statement(() -> delegate.createStatement(type, concurrency));
    }

    @Override
    public Statement createStatement(int type, int concurrency, int holdability) throws SQLException {
        return statement(() -> delegate.createStatement(type, concurrency, holdability));
    }

    @Override
    public PreparedStatement prepareStatement(String sql) throws SQLException {
        return prepared(sql, () -> delegate.prepareStatement(sql));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int type, int concurrency) throws SQLException {
        return prepared(sql, () -> delegate.prepareStatement(sql, type, concurrency));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int type, int concurrency, int holdability)
            throws SQLException {
        return prepared(sql, () -> delegate.prepareStatement(sql, type, concurrency, holdability));
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
    public CallableStatement prepareCall(String sql, int type, int concurrency) throws SQLException {
        return callable(sql, () -> delegate.prepareCall(sql, type, concurrency));
    }

    @Override
    public CallableStatement prepareCall(String sql, int type, int concurrency, int holdability) throws SQLException {
        return callable(sql, () -> delegate.prepareCall(sql, type, concurrency, holdability));
    }

    /** Calls a method for which the driver may run a statement of its own. */
    private void internal(ConnectionCall kind, Action call) throws SQLException {
        session.reportInternal(delegate, kind, Call.of(call));
    }

    @Override
    public void commit() throws SQLException {
        internal(ConnectionCall.END_TRANSACTION, delegate::commit);
    }

    @Override
    public void rollback() throws SQLException {
        internal(ConnectionCall.END_TRANSACTION, delegate::rollback);
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
        DatabaseMetaData own = delegate.getMetaData();
        return proxyOr(own, () -> instrumented(own).shown);
    }

    /** The same one for the same object of the driver's, so that both are one where the driver's are. */
    private InstrumentedMetaData instrumented(DatabaseMetaData own) {
        InstrumentedMetaData known = metaData;
        if (known == null || known.delegate() != own) {
            known = new InstrumentedMetaData(own, this);
            metaData = known;
        }
        return known;
    }

    /** HikariCP calls this, and not {@link #close}, for each connection that is given back. */
    @Override
    public void clearWarnings() throws SQLException {
        executions.endMdc();
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

    private void end(Action call) throws SQLException {
        try {
            executions.close();
        } catch (Throwable failure) {
            session.guard.swallowed("connection close", failure);
        }
        executions.endMdc();
        long start = System.nanoTime();
        try {
            session.reportError(Call.of(call));
        } finally {
            closed(System.nanoTime() - start);
        }
    }

    private void closed(long latencyNanos) {
        try {
            end.closed(latencyNanos);
        } catch (Throwable failure) {
            session.guard.swallowed("connection close", failure);
        }
    }
}
