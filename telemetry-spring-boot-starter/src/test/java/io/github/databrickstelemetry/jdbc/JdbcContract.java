package io.github.databrickstelemetry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Types;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What an application can see through JDBC must be the same with and without instrumentation. Every scenario runs on a
 * bare and on an observed data source, and everything it sees is compared. Subclasses bring the data sources.
 */
public abstract class JdbcContract {

    /** What an application does with a connection. */
    @FunctionalInterface
    public interface Scenario {
        void run(Connection connection, Trace trace) throws Exception;
    }

    private final DataSource bare;
    private final DataSource observed;
    private final ContractSql sql;

    /**
     * @param bare the data source without instrumentation
     * @param observed the same data source under observation
     * @param sql the database's SQL
     */
    protected JdbcContract(DataSource bare, DataSource observed, ContractSql sql) {
        this.bare = bare;
        this.observed = observed;
        this.sql = sql;
    }

    /** The data source under observation. */
    protected final DataSource observed() {
        return observed;
    }

    /** Further scenarios, for what only one database can. */
    protected Map<String, Scenario> more() {
        return Map.of();
    }

    /** Scenarios, by their names, that this driver cannot take part in. */
    protected List<String> without() {
        return List.of();
    }

    @TestFactory
    Stream<DynamicTest> looksTheSame() {
        Map<String, Scenario> all = scenarios();
        all.putAll(more());
        without().forEach(all::remove);
        return all.entrySet().stream()
                .map(scenario -> DynamicTest.dynamicTest(
                        scenario.getKey(), () -> compare(scenario.getKey(), scenario.getValue())));
    }

    private void compare(String name, Scenario scenario) throws Exception {
        List<String> expected = trace(bare, scenario);
        List<String> actual = trace(observed, scenario);
        assertThat(expected).as("lines of %s", name).isNotEmpty();
        assertThat(actual).isEqualTo(expected);
    }

    private static List<String> trace(DataSource dataSource, Scenario scenario) throws Exception {
        Trace trace = new Trace();
        try (Connection connection = dataSource.getConnection()) {
            scenario.run(connection, trace);
        }
        return trace.lines();
    }

    private Map<String, Scenario> scenarios() {
        Map<String, Scenario> all = new LinkedHashMap<>();
        all.put("query", this::query);
        all.put("execute", this::execute);
        all.put("update", this::update);
        all.put("generatedKeys", this::generatedKeys);
        all.put("batch", this::batch);
        all.put("prepared", this::prepared);
        all.put("call", this::call);
        all.put("failures", this::failures);
        all.put("identities", this::identities);
        all.put("equalsNull", (connection, trace) -> trace.compare("connection with null", connection, null));
        all.put("unwrapping", this::unwrapping);
        all.put("statementsClosedTwice", this::statementsClosedTwice);
        all.put("connectionClosedTwice", this::connectionClosedTwice);
        all.put("closeOnCompletion", this::closeOnCompletion);
        all.put("statementSettings", this::statementSettings);
        all.put("connectionSettings", this::connectionSettings);
        all.put("transactions", this::transactions);
        all.put("values", this::values);
        all.put("cancelOfNothing", this::cancelOfNothing);
        all.put("abort", this::abort);
        all.put("metadataValues", this::metadataValues);
        all.put("metadataQueries", this::metadataQueries);
        return all;
    }

    private void query(Connection connection, Trace trace) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            trace.see("query", () -> statement.executeQuery(sql.query()));
            trace.see("result set", statement::getResultSet);
            trace.see("update count", statement::getUpdateCount);
            trace.see("more", statement::getMoreResults);
            trace.see("again", () -> statement.executeQuery(sql.query()));
            trace.see("warnings", statement::getWarnings);
        }
        try (Statement statement =
                connection.createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY)) {
            trace.see("forward only", () -> statement.executeQuery(sql.query()));
            trace.see("type", statement::getResultSetType);
            trace.see("concurrency", statement::getResultSetConcurrency);
        }
        trace.see(
                "holdable",
                () -> connection
                        .createStatement(
                                ResultSet.TYPE_FORWARD_ONLY,
                                ResultSet.CONCUR_READ_ONLY,
                                ResultSet.HOLD_CURSORS_OVER_COMMIT)
                        .executeQuery(sql.query()));
    }

    private void execute(Connection connection, Trace trace) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            trace.see("execute query", () -> statement.execute(sql.query()));
            trace.see("result set", statement::getResultSet);
            trace.see("count", statement::getUpdateCount);
            trace.see("more, keeping", () -> statement.getMoreResults(Statement.KEEP_CURRENT_RESULT));
            trace.see("more, closing", () -> statement.getMoreResults(Statement.CLOSE_ALL_RESULTS));
            trace.see("execute update", () -> statement.execute(sql.update()));
            trace.see("no result set", statement::getResultSet);
            trace.see("update count", statement::getUpdateCount);
            trace.see("large update count", statement::getLargeUpdateCount);
            trace.see("keys", () -> statement.execute(sql.update(), Statement.NO_GENERATED_KEYS));
        }
    }

    private void update(Connection connection, Trace trace) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            trace.see("update", () -> statement.executeUpdate(sql.update()));
            trace.see("large", () -> statement.executeLargeUpdate(sql.update()));
            trace.see("query as update", () -> statement.executeUpdate(sql.query()));
            trace.see("update as query", () -> statement.executeQuery(sql.update()));
        }
    }

    private void generatedKeys(Connection connection, Trace trace) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            trace.see("flag", () -> statement.executeUpdate(sql.update(), Statement.RETURN_GENERATED_KEYS));
            trace.see("keys", statement::getGeneratedKeys);
            trace.see("indexes", () -> statement.executeUpdate(sql.update(), new int[] {1}));
            trace.see("names", () -> statement.executeUpdate(sql.update(), new String[] {"ID"}));
            trace.see("large flag", () -> statement.executeLargeUpdate(sql.update(), 1));
            trace.see("large indexes", () -> statement.executeLargeUpdate(sql.update(), new int[] {1}));
            trace.see("large names", () -> statement.executeLargeUpdate(sql.update(), new String[] {"ID"}));
            trace.see("execute indexes", () -> statement.execute(sql.update(), new int[] {1}));
            trace.see("execute names", () -> statement.execute(sql.update(), new String[] {"ID"}));
        }
        trace.see("prepared flag", () -> prepareAndUpdate(connection.prepareStatement(sql.preparedUpdate(), 1)));
        trace.see(
                "prepared indexes",
                () -> prepareAndUpdate(connection.prepareStatement(sql.preparedUpdate(), new int[] {1})));
        trace.see(
                "prepared names",
                () -> prepareAndUpdate(connection.prepareStatement(sql.preparedUpdate(), new String[] {"ID"})));
    }

    private static Object prepareAndUpdate(PreparedStatement statement) throws SQLException {
        try (statement) {
            statement.setString(1, "x");
            statement.executeUpdate();
            return statement.getGeneratedKeys();
        }
    }

    private void batch(Connection connection, Trace trace) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            trace.does("add", () -> statement.addBatch(sql.update()));
            trace.does("add", () -> statement.addBatch(sql.update()));
            trace.see("batch", statement::executeBatch);
            trace.does("add failing", () -> statement.addBatch(sql.failing()));
            trace.see("failing batch", statement::executeBatch);
            trace.does("clear", statement::clearBatch);
            trace.see("empty batch", statement::executeBatch);
            trace.see("empty large batch", statement::executeLargeBatch);
        }
        try (PreparedStatement statement = connection.prepareStatement(sql.preparedUpdate())) {
            for (String value : List.of("a", "b")) {
                statement.setString(1, value);
                trace.does("add", statement::addBatch);
            }
            trace.see("prepared batch", statement::executeBatch);
        }
    }

    private void prepared(Connection connection, Trace trace) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.preparedQuery())) {
            trace.does("set", () -> statement.setString(1, "one"));
            trace.see("query", statement::executeQuery);
            trace.does("set object", () -> statement.setObject(1, "two"));
            trace.see("query", statement::executeQuery);
            trace.does("set null", () -> statement.setNull(1, Types.VARCHAR));
            trace.see("execute", statement::execute);
            trace.see("result set", statement::getResultSet);
            trace.see("metadata", statement::getMetaData);
            trace.see("parameters", statement::getParameterMetaData);
            trace.does("clear", statement::clearParameters);
            trace.see("unset", statement::executeQuery);
            trace.does("out of range", () -> statement.setString(9, "x"));
            trace.see("sql on prepared", () -> statement.executeQuery(sql.query()));
        }
        try (PreparedStatement statement = connection.prepareStatement(sql.preparedUpdate())) {
            statement.setString(1, "c");
            trace.see("update", statement::executeUpdate);
            trace.see("large update", statement::executeLargeUpdate);
        }
        try (PreparedStatement statement = connection.prepareStatement(
                sql.preparedQuery(), ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY)) {
            trace.see("scrollable", statement::getResultSetType);
        } catch (SQLException unsupported) {
            trace.see("scrollable", () -> unsupported);
        }
    }

    private void call(Connection connection, Trace trace) {
        String call = sql.call();
        trace.see("call", () -> {
            try (Statement statement = connection.prepareCall(call == null ? "{call nothing()}" : call)) {
                return statement.unwrap(PreparedStatement.class).execute();
            }
        });
    }

    private void failures(Connection connection, Trace trace) throws SQLException {
        trace.see("prepare", () -> connection.prepareStatement(sql.failing()).executeQuery());
        try (Statement statement = connection.createStatement()) {
            trace.see("query", () -> statement.executeQuery(sql.failing()));
            trace.see("update", () -> statement.executeUpdate(sql.failing()));
            trace.see("execute", () -> statement.execute(sql.failing()));
            trace.see("large", () -> statement.executeLargeUpdate(sql.failing()));
            trace.see("alive afterwards", () -> statement.executeQuery(sql.query()));
            trace.see("null", () -> statement.executeQuery(null));
        }
    }

    private void identities(Connection connection, Trace trace) throws SQLException {
        trace.compare("connection with itself", connection, connection);
        try (Statement statement = connection.createStatement();
                Statement other = connection.createStatement();
                PreparedStatement prepared = connection.prepareStatement(sql.preparedQuery())) {
            trace.compare("statement's connection", statement.getConnection(), connection);
            trace.compare("prepared's connection", prepared.getConnection(), connection);
            trace.compare("statement with itself", statement, statement);
            trace.compare("statement with another", statement, other);
            trace.see("a statement is not prepared", () -> statement instanceof PreparedStatement);
        }
        DatabaseMetaData metaData = connection.getMetaData();
        trace.compare("metadata's connection", metaData.getConnection(), connection);
        trace.compare("metadata with itself", metaData, metaData);
        trace.compare("metadata with later metadata", metaData, connection.getMetaData());
    }

    private void unwrapping(Connection connection, Trace trace) throws SQLException {
        trace.see("connection", () -> connection.unwrap(Connection.class));
        trace.see("is a connection", () -> connection.isWrapperFor(Connection.class));
        trace.see("a string", () -> connection.unwrap(String.class));
        trace.see("is a string", () -> connection.isWrapperFor(String.class));
        try (Statement statement = connection.createStatement()) {
            trace.see("statement", () -> statement.unwrap(Statement.class));
            trace.see("is a statement", () -> statement.isWrapperFor(Statement.class));
            trace.see("statement as string", () -> statement.unwrap(String.class));
            trace.see("statement is a string", () -> statement.isWrapperFor(String.class));
        }
        DatabaseMetaData metaData = connection.getMetaData();
        trace.see("metadata", () -> metaData.unwrap(DatabaseMetaData.class) == metaData);
        trace.see("metadata as string", () -> metaData.unwrap(String.class));
        trace.see("metadata is a string", () -> metaData.isWrapperFor(String.class));
    }

    private void statementsClosedTwice(Connection connection, Trace trace) throws SQLException {
        Statement statement = connection.createStatement();
        statement.executeQuery(sql.query());
        trace.see("open", statement::isClosed);
        trace.does("close", statement::close);
        trace.see("closed", statement::isClosed);
        trace.does("close again", statement::close);
        trace.see("query after close", () -> statement.executeQuery(sql.query()));
        trace.see("update after close", () -> statement.executeUpdate(sql.update()));
        trace.see("batch after close", statement::executeBatch);
        trace.see("connection after close", statement::getConnection);
        trace.see("result set after close", statement::getResultSet);
        trace.does("cancel after close", statement::cancel);
        PreparedStatement prepared = connection.prepareStatement(sql.preparedQuery());
        prepared.close();
        trace.see("prepared after close", prepared::executeQuery);
        trace.does("set after close", () -> prepared.setString(1, "x"));
    }

    private void connectionClosedTwice(Connection connection, Trace trace) throws SQLException {
        Statement statement = connection.createStatement();
        ResultSet resultSet = statement.executeQuery(sql.query());
        PreparedStatement prepared = connection.prepareStatement(sql.preparedQuery());
        DatabaseMetaData metaData = connection.getMetaData();
        trace.see("valid", () -> connection.isValid(1));
        trace.does("close", connection::close);
        trace.see("closed", connection::isClosed);
        trace.does("close again", connection::close);
        trace.see("valid after close", () -> connection.isValid(1));
        trace.see("statement closed", statement::isClosed);
        trace.see("result set closed", resultSet::isClosed);
        trace.see("create", connection::createStatement);
        trace.see("prepare", () -> connection.prepareStatement(sql.query()));
        trace.see("call", () -> connection.prepareCall(sql.query()));
        trace.see("execute", () -> statement.executeQuery(sql.query()));
        trace.see("execute prepared", prepared::executeQuery);
        trace.does("commit", connection::commit);
        trace.does("rollback", connection::rollback);
        trace.see("metadata", connection::getMetaData);
        trace.see("old metadata", metaData::getCatalogs);
        trace.see("auto commit", connection::getAutoCommit);
        trace.see("warnings", connection::getWarnings);
    }

    private void closeOnCompletion(Connection connection, Trace trace) throws SQLException {
        Statement statement = connection.createStatement();
        trace.see("before", statement::isCloseOnCompletion);
        trace.does("set", statement::closeOnCompletion);
        trace.see("after", statement::isCloseOnCompletion);
        trace.does("read", () -> statement.executeQuery(sql.query()).close());
        trace.see("closed", statement::isClosed);
        trace.see("use", () -> statement.executeQuery(sql.query()));
    }

    private void statementSettings(Connection connection, Trace trace) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            trace.does("max rows", () -> statement.setMaxRows(7));
            trace.see("max rows", statement::getMaxRows);
            trace.does("large max rows", () -> statement.setLargeMaxRows(8));
            trace.see("large max rows", statement::getLargeMaxRows);
            trace.does("negative", () -> statement.setMaxRows(-1));
            trace.does("timeout", () -> statement.setQueryTimeout(9));
            trace.see("timeout", statement::getQueryTimeout);
            trace.does("fetch size", () -> statement.setFetchSize(10));
            trace.see("fetch size", statement::getFetchSize);
            trace.does("direction", () -> statement.setFetchDirection(ResultSet.FETCH_FORWARD));
            trace.see("direction", statement::getFetchDirection);
            trace.does("field size", () -> statement.setMaxFieldSize(11));
            trace.see("field size", statement::getMaxFieldSize);
            trace.does("escapes", () -> statement.setEscapeProcessing(false));
            trace.does("poolable", () -> statement.setPoolable(true));
            trace.see("poolable", statement::isPoolable);
            trace.does("cursor", () -> statement.setCursorName("c"));
            trace.see("holdability", statement::getResultSetHoldability);
            trace.see("warnings", statement::getWarnings);
            trace.does("clear warnings", statement::clearWarnings);
            trace.see("literal", () -> statement.enquoteLiteral("it's"));
            trace.see("identifier", () -> statement.enquoteIdentifier("a b", true));
            trace.see("simple", () -> statement.isSimpleIdentifier("a b"));
            trace.see("national", () -> statement.enquoteNCharLiteral("it's"));
        }
    }

    private void connectionSettings(Connection connection, Trace trace) {
        trace.see("auto commit", connection::getAutoCommit);
        trace.see("catalog", connection::getCatalog);
        trace.see("schema", connection::getSchema);
        trace.see("holdability", connection::getHoldability);
        trace.see("isolation", connection::getTransactionIsolation);
        trace.does("isolation", () -> connection.setTransactionIsolation(-5));
        trace.see("read only", connection::isReadOnly);
        trace.see("client info", connection::getClientInfo);
        trace.see("one client info", () -> connection.getClientInfo("nothing"));
        trace.does("set client info", () -> connection.setClientInfo("nothing", "x"));
        trace.does("set client infos", () -> connection.setClientInfo(new Properties()));
        trace.see("type map", connection::getTypeMap);
        trace.does("type map", () -> connection.setTypeMap(Map.of()));
        trace.see("network timeout", connection::getNetworkTimeout);
        trace.see("warnings", connection::getWarnings);
        trace.does("clear warnings", connection::clearWarnings);
        trace.does("begin request", connection::beginRequest);
        trace.does("end request", connection::endRequest);
        trace.does("sharding key", () -> connection.setShardingKey(null));
        trace.see("sharding key if valid", () -> connection.setShardingKeyIfValid(null, 1));
        trace.see("native sql", () -> connection.nativeSQL(sql.query()));
        trace.see("valid", () -> connection.isValid(1));
        trace.see("invalid timeout", () -> connection.isValid(-1));
        trace.see("closed", connection::isClosed);
    }

    private void transactions(Connection connection, Trace trace) {
        trace.does("commit in auto commit", connection::commit);
        trace.does("rollback in auto commit", connection::rollback);
        trace.does("manual", () -> connection.setAutoCommit(false));
        trace.see("manual", connection::getAutoCommit);
        trace.does("savepoint", () -> {
            Savepoint savepoint = connection.setSavepoint("s");
            connection.rollback(savepoint);
            connection.releaseSavepoint(savepoint);
        });
        trace.does("rollback", connection::rollback);
        trace.does("rollback to nothing", () -> connection.rollback(null));
        trace.does("commit", connection::commit);
        trace.does("automatic", () -> connection.setAutoCommit(true));
    }

    private void values(Connection connection, Trace trace) {
        trace.see("clob", connection::createClob);
        trace.see("blob", connection::createBlob);
        trace.see("nclob", connection::createNClob);
        trace.see("xml", connection::createSQLXML);
        trace.see("array", () -> connection.createArrayOf("VARCHAR", new Object[] {"a"}));
        trace.see("struct", () -> connection.createStruct("X", new Object[] {"a"}));
    }

    private void cancelOfNothing(Connection connection, Trace trace) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            trace.does("cancel", statement::cancel);
            trace.see("query afterwards", () -> statement.executeQuery(sql.query()));
        }
    }

    private void abort(Connection connection, Trace trace) {
        trace.does("no executor", () -> connection.abort(null));
        trace.does("abort", () -> connection.abort(Runnable::run));
        trace.see("closed", connection::isClosed);
        trace.see("create", connection::createStatement);
    }

    private void metadataValues(Connection connection, Trace trace) throws SQLException {
        DatabaseMetaData metaData = connection.getMetaData();
        Stream.of(DatabaseMetaData.class.getMethods())
                .filter(method -> method.getParameterCount() == 0)
                .filter(method -> method.getReturnType() != Connection.class)
                .sorted(Comparator.comparing(java.lang.reflect.Method::getName))
                .forEach(method -> trace.see(method.getName(), () -> {
                    try {
                        return method.invoke(metaData);
                    } catch (java.lang.reflect.InvocationTargetException failure) {
                        return failure.getCause();
                    }
                }));
    }

    private void metadataQueries(Connection connection, Trace trace) throws SQLException {
        DatabaseMetaData metaData = connection.getMetaData();
        trace.see("schemas", () -> metaData.getSchemas(null, "%"));
        trace.see("tables", () -> metaData.getTables(null, null, "CONTRACT%", null));
        trace.see("columns", () -> metaData.getColumns(null, null, "CONTRACT%", "%"));
        trace.see("functions", () -> metaData.getFunctions(null, null, "%"));
        trace.see("primary keys", () -> metaData.getPrimaryKeys(null, null, "CONTRACT"));
        trace.see("imported keys", () -> metaData.getImportedKeys(null, null, "CONTRACT"));
        trace.see("exported keys", () -> metaData.getExportedKeys(null, null, "CONTRACT"));
        trace.see("cross reference", () -> metaData.getCrossReference(null, null, "CONTRACT", null, null, "CONTRACT"));
        trace.see("procedures", () -> metaData.getProcedures(null, null, "%"));
        trace.see("indexes", () -> metaData.getIndexInfo(null, null, "CONTRACT", false, false));
    }
}
