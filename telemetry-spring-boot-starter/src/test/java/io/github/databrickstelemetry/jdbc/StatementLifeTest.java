package io.github.databrickstelemetry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.databrickstelemetry.event.StatementResult;
import io.github.databrickstelemetry.event.TelemetryEvent.ErrorOccurred;
import io.github.databrickstelemetry.event.TelemetryEvent.StatementComplete;
import io.github.databrickstelemetry.event.TelemetryEvent.StatementStart;
import io.github.databrickstelemetry.event.TelemetryEventEmitter;
import io.github.databrickstelemetry.jdbc.datasource.Instrumented;
import io.github.databrickstelemetry.jdbc.datasource.RecordingTelemetry;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is reported of sessions and statements, on H2. */
class StatementLifeTest {

    private final RecordingTelemetry telemetry = new RecordingTelemetry();
    private DataSource dataSource = new StubDriver().dataSource();
    private Connection connection = new StubDriver().dataSource().getConnection();

    StatementLifeTest() throws SQLException {}

    @BeforeEach
    void connect() throws SQLException {
        dataSource = Instrumented.below(H2.dataSource(H2.newDatabase()), telemetry);
        connection = dataSource.getConnection();
        assertThat(telemetry.lines()).containsExactly("open");
        telemetry.clear();
    }

    @Test
    void completesAtClose() throws SQLException {
        Statement statement = connection.createStatement();
        ResultSet resultSet = statement.executeQuery(H2.SQL.query());
        assertThat(telemetry.lines()).containsExactly("start QUERY");
        resultSet.close();
        assertThat(telemetry.lines()).containsExactly("start QUERY");
        statement.close();
        statement.close();
        assertThat(telemetry.lines()).containsExactly("start QUERY", "complete");
        StatementStart start = telemetry.events(StatementStart.class).get(0);
        StatementComplete complete = telemetry.events(StatementComplete.class).get(0);
        assertThat(complete.statementKey()).isEqualTo(start.statementKey());
        assertThat(complete.latencyNanos()).isPositive();
    }

    @Test
    void completesAtTheNextExecution() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(H2.SQL.preparedUpdate())) {
            statement.setString(1, "a");
            statement.executeUpdate();
            statement.executeUpdate();
        }
        assertThat(telemetry.lines()).containsExactly("start UPDATE", "complete", "start UPDATE", "complete");
        assertThat(telemetry.events(StatementComplete.class))
                .extracting(StatementComplete::statementKey)
                .doesNotHaveDuplicates();
    }

    @Test
    void completesWhatIsOpenWhenTheConnectionCloses() throws SQLException {
        Statement first = connection.createStatement();
        Statement second = connection.createStatement();
        Statement third = connection.createStatement();
        first.executeQuery(H2.SQL.query());
        second.executeQuery(H2.SQL.query());
        third.executeQuery(H2.SQL.query());
        second.close();
        connection.close();
        assertThat(telemetry.lines())
                .containsExactly(
                        "start QUERY", "start QUERY", "start QUERY", "complete", "complete", "complete", "close");
        first.close();
        third.close();
        connection.close();
        assertThat(telemetry.lines()).hasSize(7);
    }

    @Test
    void completesWhenAResultSetHasClosedItsStatement() throws SQLException {
        Statement statement = connection.createStatement();
        statement.closeOnCompletion();
        statement.executeQuery(H2.SQL.query()).close();
        assertThat(statement.isClosed()).isTrue();
        assertThat(telemetry.lines()).containsExactly("start QUERY", "complete");
    }

    @Test
    void reportsAFailureAtOnceAndNothingAtClose() throws SQLException {
        Statement statement = connection.createStatement();
        assertThatThrownBy(() -> statement.executeQuery(H2.SQL.failing())).isInstanceOf(SQLException.class);
        assertThat(telemetry.lines()).containsExactly("start QUERY", "failed");
        statement.close();
        assertThat(telemetry.lines()).hasSize(2);
    }

    @Test
    void tellsTheStatementTypeByTheMethod() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(H2.SQL.query());
            statement.executeLargeUpdate(H2.SQL.update());
            statement.executeQuery(H2.SQL.query());
        }
        try (CallableStatement statement = connection.prepareCall("call 1 + 1")) {
            statement.execute();
        }
        assertThat(telemetry.events(StatementStart.class))
                .extracting(start -> start.statementType().name())
                .containsExactly("SQL", "UPDATE", "QUERY", "SQL");
    }

    @Test
    void reportsABatchOnce() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.addBatch(H2.SQL.update());
            statement.addBatch(H2.SQL.update());
            statement.addBatch(H2.SQL.update());
            statement.executeBatch();
        }
        assertThat(telemetry.lines()).containsExactly("start UPDATE", "complete");
    }

    @Test
    void reportsAStatementWithSeveralResultsOnce() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(H2.SQL.query());
            statement.getResultSet().close();
            statement.getMoreResults();
            statement.getUpdateCount();
        }
        assertThat(telemetry.lines()).containsExactly("start SQL", "complete");
    }

    @Test
    void reportsACancelledStatementOnce() throws Exception {
        ExecutorService threads = Executors.newSingleThreadExecutor();
        HeldQuery.begin();
        try (Statement statement = connection.createStatement()) {
            statement.execute("create alias held for '" + HeldQuery.class.getName() + ".row'");
        }
        telemetry.clear();
        try (Statement statement = connection.createStatement()) {
            Future<?> query =
                    threads.submit(() -> statement.executeQuery("select held(x) from system_range(1, 100000)"));
            HeldQuery.awaitFirstRow();
            statement.cancel();
            HeldQuery.goOn();
            assertThatThrownBy(query::get).hasCauseInstanceOf(SQLException.class);
        } finally {
            HeldQuery.goOn();
            threads.shutdownNow();
        }
        assertThat(telemetry.lines()).containsExactly("start QUERY", "failed");
    }

    @Test
    void reportsCatalogueQueriesAsWhatTheyList() throws SQLException {
        DatabaseMetaData metaData = connection.getMetaData();
        metaData.getTypeInfo();
        metaData.getCatalogs();
        metaData.getSchemas();
        metaData.getSchemas(null, null);
        metaData.getTables(null, null, "%", null);
        metaData.getTableTypes();
        metaData.getColumns(null, null, "%", "%");
        metaData.getPrimaryKeys(null, null, "CONTRACT");
        metaData.getImportedKeys(null, null, "CONTRACT");
        metaData.getExportedKeys(null, null, "CONTRACT");
        metaData.getCrossReference(null, null, "CONTRACT", null, null, "CONTRACT");
        metaData.getDatabaseProductName();
        assertThat(telemetry.events(StatementStart.class))
                .extracting(start -> start.operation().name())
                .containsExactly(
                        "LIST_TYPE_INFO",
                        "LIST_CATALOGS",
                        "LIST_SCHEMAS",
                        "LIST_SCHEMAS",
                        "LIST_TABLES",
                        "LIST_TABLE_TYPES",
                        "LIST_COLUMNS",
                        "LIST_PRIMARY_KEYS",
                        "LIST_IMPORTED_KEYS",
                        "LIST_EXPORTED_KEYS",
                        "LIST_CROSS_REFERENCES");
        assertThat(telemetry.events(StatementComplete.class)).hasSize(11);
    }

    @Test
    void reportsAFailedCatalogueQuery() throws SQLException {
        DatabaseMetaData metaData = connection.getMetaData();
        connection.close();
        telemetry.clear();
        assertThatThrownBy(metaData::getCatalogs).isInstanceOf(SQLException.class);
        assertThat(telemetry.lines()).containsExactly("start LIST_CATALOGS", "failed");
    }

    @Test
    void reportsWhatFailsOutsideAnExecution() throws SQLException {
        StubDriver driver = new StubDriver();
        Connection stub = Instrumented.below(driver.dataSource(), telemetry).getConnection();
        Statement statement = stub.createStatement();
        statement.executeQuery("x");
        telemetry.clear();
        SQLException failure = new SQLException("driver");
        for (String method : List.of("cancel", "commit", "rollback", "prepareStatement", "prepareCall")) {
            driver.failing(method, failure);
        }
        assertThatThrownBy(statement::cancel).isSameAs(failure);
        assertThatThrownBy(stub::commit).isSameAs(failure);
        assertThatThrownBy(stub::rollback).isSameAs(failure);
        assertThatThrownBy(() -> stub.prepareStatement("x")).isSameAs(failure);
        assertThatThrownBy(() -> stub.prepareCall("x")).isSameAs(failure);
        assertThat(telemetry.lines())
                .containsExactly("error", "start SQL", "failed", "start SQL", "failed", "error", "error");
        assertThat(telemetry.events(StatementStart.class)).allMatch(StatementStart::internalCall);
    }

    @Test
    void completesAStatementWhoseCloseThrowsAnUncheckedException() throws SQLException {
        StubDriver driver = new StubDriver();
        Connection stub = Instrumented.below(driver.dataSource(), telemetry).getConnection();
        Statement statement = stub.createStatement();
        statement.executeQuery("x");
        telemetry.clear();
        IllegalStateException failure = new IllegalStateException("driver");
        driver.failing("close", failure);
        assertThatThrownBy(statement::close).isSameAs(failure);
        assertThat(telemetry.lines()).containsExactly("complete", "error");
        assertThat(telemetry.events(ErrorOccurred.class))
                .as("a failing close leaves the metric of an execution that ended well as it is")
                .extracting(ErrorOccurred::statementKey)
                .containsExactly(TelemetryEventEmitter.NO_STATEMENT);
        telemetry.clear();
        assertThatThrownBy(stub::close).isSameAs(failure);
        assertThat(telemetry.lines()).containsExactly("error", "close");
    }

    @Test
    void endsTheSessionWhenTheConnectionIsAborted() throws SQLException {
        connection.createStatement().executeQuery(H2.SQL.query());
        connection.abort(Runnable::run);
        connection.close();
        assertThat(telemetry.lines()).containsExactly("start QUERY", "complete", "close");
    }

    @Test
    void endsTheSessionWhenAnAbortReturns() throws SQLException {
        Connection stub =
                Instrumented.below(new StubDriver().dataSource(), telemetry).getConnection();
        stub.createStatement().executeQuery("x");
        telemetry.clear();
        List<Runnable> tasks = new ArrayList<>();
        stub.abort(tasks::add);
        assertThat(telemetry.lines()).containsExactly("complete", "close");
        assertThat(tasks).as("the driver's own tasks").hasSize(1);
        tasks.get(0).run();
        assertThat(telemetry.lines()).hasSize(2);
    }

    @Test
    void endsTheSessionOfAnAbortThatFails() throws SQLException {
        Connection stub =
                Instrumented.below(new StubDriver().dataSource(), telemetry).getConnection();
        telemetry.clear();
        RejectedExecutionException refused = new RejectedExecutionException("full");
        assertThatThrownBy(() -> stub.abort(task -> {
                    throw refused;
                }))
                .isSameAs(refused);
        assertThat(telemetry.lines()).containsExactly("error", "close");
    }

    /** The driver may have refused the host, so nothing is sent to it before the first connection. */
    @Test
    void reportsFailuresToConnectOnceThereIsAConnection() throws SQLException {
        SQLException failure = new SQLException("driver");
        StubDriver driver = new StubDriver().failing("getConnection", failure);
        DataSource failing = Instrumented.below(driver.dataSource(), telemetry);
        int acquired = telemetry.acquired();
        assertThatThrownBy(failing::getConnection).isSameAs(failure);
        assertThatThrownBy(() -> failing.getConnection("user", "password")).isSameAs(failure);
        assertThat(telemetry.acquired()).isEqualTo(acquired);
        driver.succeeding("getConnection");
        assertThat(failing.getConnection().isClosed()).isFalse();
        assertThat(telemetry.lines()).containsExactly("error", "error", "open");
        driver.failing("getConnection", failure);
        assertThatThrownBy(failing::getConnection).isSameAs(failure);
        assertThat(telemetry.lines()).containsExactly("error", "error", "open", "error");
    }

    @Test
    void keepsABoundedNumberOfFailuresToConnect() throws SQLException {
        SQLException failure = new SQLException("driver");
        StubDriver driver = new StubDriver().failing("getConnection", failure);
        DataSource failing = Instrumented.below(driver.dataSource(), telemetry);
        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(failing::getConnection).isSameAs(failure);
        }
        driver.succeeding("getConnection");
        assertThat(failing.getConnection().isClosed()).isFalse();
        assertThat(telemetry.lines()).hasSize(17).endsWith("open");
    }

    @Test
    void reportsNothingWhilePaused() throws SQLException {
        telemetry.pause();
        try (Statement statement = connection.createStatement()) {
            statement.executeQuery(H2.SQL.query());
        }
        connection.getMetaData().getCatalogs();
        assertThat(telemetry.lines()).isEmpty();
        telemetry.resume();
        try (Statement statement = connection.createStatement()) {
            statement.executeQuery(H2.SQL.query());
        }
        assertThat(telemetry.lines()).containsExactly("start QUERY", "complete");
    }

    @Test
    void asksTheAdapterOnceForEachExecutionAndForAResultSetThatCameLater() throws SQLException {
        RememberingAdapter adapter = new RememberingAdapter();
        Connection observed = Instrumented.below(H2.dataSource(H2.newDatabase()), telemetry, adapter)
                .getConnection();
        telemetry.clear();
        Statement statement = observed.createStatement();
        statement.executeQuery(H2.SQL.query());
        statement.getResultSet();
        statement.executeQuery(H2.SQL.query());
        assertThatThrownBy(() -> statement.executeQuery(H2.SQL.failing())).isInstanceOf(SQLException.class);
        statement.execute(H2.SQL.query());
        ResultSet found = statement.getResultSet();
        statement.getResultSet();
        observed.close();
        assertThat(telemetry.lines())
                .containsExactly(
                        "start QUERY",
                        "complete id1",
                        "start QUERY",
                        "complete id2",
                        "start QUERY",
                        "failed",
                        "start SQL",
                        "complete id4",
                        "close");
        assertThat(adapter.lastResultSet).isSameAs(found);
    }

    @Test
    void takesNoEarlierIdForAnExecutionThatFailedEarly() throws SQLException {
        RememberingAdapter adapter = new RememberingAdapter();
        try (Connection observed = Instrumented.below(H2.dataSource(H2.newDatabase()), telemetry, adapter)
                .getConnection()) {
            Statement statement = observed.createStatement();
            assertThatThrownBy(() -> statement.executeQuery(H2.SQL.failing())).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> statement.executeQuery(H2.SQL.failing())).isInstanceOf(SQLException.class);
            statement.executeQuery(H2.SQL.query());
            statement.close();
            assertThatThrownBy(() -> statement.executeQuery(H2.SQL.query())).isInstanceOf(SQLException.class);
        }
        assertThat(telemetry.events(StatementComplete.class))
                .extracting(StatementComplete::result)
                .containsExactly(StatementResult.ofId("id0"), null, StatementResult.ofId("id1"), null);
    }

    @Test
    void reportsAForgottenStatementWithWhatWasKnownOfIt() throws SQLException {
        RememberingAdapter adapter = new RememberingAdapter();
        Connection observed = Instrumented.below(new StubDriver().dataSource(), telemetry, adapter)
                .getConnection();
        observed.createStatement().executeQuery("x");
        telemetry.clear();
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            System.gc();
            observed.createStatement().close();
            observed.createStatement().execute("x");
            return telemetry.lines().contains("complete id1");
        });
    }

    /** Shows for a failure what was executed last, as a driver does that has not come so far. */
    private static final class RememberingAdapter implements DriverAdapter {

        private int executions;
        private @Nullable ResultSet lastResultSet;

        @Override
        public StatementResult executed(Statement physical, @Nullable ResultSet resultSet, long startNanos) {
            assertThat(physical).isNotInstanceOf(InstrumentedStatement.class);
            lastResultSet = resultSet;
            return StatementResult.ofId("id" + ++executions);
        }

        @Override
        public StatementResult failed(Statement physical) {
            return StatementResult.ofId("id" + executions);
        }
    }
}
