package io.github.databrickstelemetry.benchmarks.jdbc;

import java.io.PrintWriter;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.dynamic.loading.ClassLoadingStrategy;
import net.bytebuddy.implementation.StubMethod;
import net.bytebuddy.matcher.ElementMatchers;
import org.jspecify.annotations.Nullable;

/**
 * A driver that does nothing, so that what is left of a measurement is the instrumentation. Methods that the benchmarks
 * do not call return null, zero or false; they are generated, because JDBC has some five hundred.
 */
public final class Stub {

    /** The statement with 10,000 rows; every other has one. */
    static final String WIDE_SQL = "SELECT a, b, c, d, e FROM wide";

    /** The statement that fails. */
    public static final String FAILING_SQL = "SELECT a FROM missing WHERE id = ?";

    private static final int WIDE_ROWS = 10_000;

    private static final MethodHandle NEW_CONNECTION = constructor(StubConnection.class, Connection.class);
    private static final MethodHandle NEW_STATEMENT =
            constructor(StubStatement.class, PreparedStatement.class, Connection.class, int.class, boolean.class);
    private static final MethodHandle NEW_RESULT =
            constructor(StubResult.class, ResultSet.class, PreparedStatement.class, int.class);
    private static final MethodHandle NEW_METADATA = constructor(StubMetaData.class, DatabaseMetaData.class);

    private Stub() {}

    /** A data source whose connections do nothing. */
    public static DataSource dataSource() {
        return new StubDataSource();
    }

    private static MethodHandle constructor(Class<?> base, Class<?> type, Class<?>... parameters) {
        try {
            Class<?> generated = new ByteBuddy()
                    .subclass(base)
                    .method(ElementMatchers.isAbstract())
                    .intercept(StubMethod.INSTANCE)
                    .make()
                    .load(Stub.class.getClassLoader(), ClassLoadingStrategy.UsingLookup.of(MethodHandles.lookup()))
                    .getLoaded();
            return MethodHandles.lookup()
                    .findConstructor(generated, MethodType.methodType(void.class, parameters))
                    .asType(MethodType.methodType(type, parameters));
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static IllegalStateException impossible(Throwable failure) {
        return new IllegalStateException(failure);
    }

    private static final class StubDataSource implements DataSource {

        @Override
        public Connection getConnection() {
            try {
                return (Connection) NEW_CONNECTION.invokeExact();
            } catch (Throwable failure) {
                throw impossible(failure);
            }
        }

        @Override
        public Connection getConnection(String username, String password) {
            return getConnection();
        }

        @Override
        public @Nullable PrintWriter getLogWriter() {
            return null;
        }

        @Override
        public void setLogWriter(@Nullable PrintWriter out) {}

        @Override
        public void setLoginTimeout(int seconds) {}

        @Override
        public int getLoginTimeout() {
            return 0;
        }

        @Override
        public Logger getParentLogger() throws SQLFeatureNotSupportedException {
            throw new SQLFeatureNotSupportedException();
        }

        @Override
        public <T> T unwrap(Class<T> type) throws SQLException {
            throw new SQLException("not wrapped");
        }

        @Override
        public boolean isWrapperFor(Class<?> type) {
            return false;
        }
    }

    /** Instantiated by its generated subclass only; so are the others. */
    abstract static class StubConnection implements Connection {

        private boolean closed;

        @Override
        public PreparedStatement prepareStatement(String sql) {
            try {
                return (PreparedStatement) NEW_STATEMENT.invokeExact(
                        (Connection) this, sql.equals(WIDE_SQL) ? WIDE_ROWS : 1, sql.equals(FAILING_SQL));
            } catch (Throwable failure) {
                throw impossible(failure);
            }
        }

        @Override
        public DatabaseMetaData getMetaData() {
            try {
                return (DatabaseMetaData) NEW_METADATA.invokeExact();
            } catch (Throwable failure) {
                throw impossible(failure);
            }
        }

        @Override
        public boolean isValid(int timeout) {
            return !closed;
        }

        @Override
        public boolean isClosed() {
            return closed;
        }

        @Override
        public boolean getAutoCommit() {
            return true;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    abstract static class StubMetaData implements DatabaseMetaData {

        @Override
        public String getURL() {
            return "jdbc:stub://localhost:1/stub";
        }

        @Override
        public String getUserName() {
            return "stub";
        }

        @Override
        public String getDatabaseProductName() {
            return "Stub";
        }
    }

    abstract static class StubStatement implements PreparedStatement {

        private final Connection connection;
        private final int rows;
        private final boolean fails;
        private int batched;
        private boolean closed;

        StubStatement(Connection connection, int rows, boolean fails) {
            this.connection = connection;
            this.rows = rows;
            this.fails = fails;
        }

        @Override
        public ResultSet executeQuery() throws SQLException {
            if (fails) {
                throw new SQLException("Table missing does not exist", "42P01", 1);
            }
            try {
                return (ResultSet) NEW_RESULT.invokeExact((PreparedStatement) this, rows);
            } catch (Throwable failure) {
                throw impossible(failure);
            }
        }

        @Override
        public void setInt(int index, int value) {}

        @Override
        public void setString(int index, String value) {}

        @Override
        public void addBatch() {
            batched++;
        }

        @Override
        public int[] executeBatch() {
            int[] counts = new int[batched];
            batched = 0;
            return counts;
        }

        @Override
        public Connection getConnection() {
            return connection;
        }

        @Override
        public boolean isClosed() {
            return closed;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    abstract static class StubResult implements ResultSet {

        private final PreparedStatement statement;
        private int left;

        StubResult(PreparedStatement statement, int rows) {
            this.statement = statement;
            this.left = rows;
        }

        @Override
        public boolean next() {
            return left-- > 0;
        }

        @Override
        public int getInt(int column) {
            return left;
        }

        @Override
        public long getLong(int column) {
            return left;
        }

        @Override
        public double getDouble(int column) {
            return left;
        }

        @Override
        public String getString(int column) {
            return "text";
        }

        @Override
        public PreparedStatement getStatement() {
            return statement;
        }
    }
}
