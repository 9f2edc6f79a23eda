package io.github.databrickstelemetry.jdbc.databricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.databricks.jdbc.api.IDatabricksConnection;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.databrickstelemetry.event.DeferredResult;
import io.github.databrickstelemetry.event.StatementResult;
import io.github.databrickstelemetry.event.StatementResult.ResultFormat;
import io.github.databrickstelemetry.jdbc.OpaqueConnection;
import io.github.databrickstelemetry.standin.Answer;
import io.github.databrickstelemetry.standin.Table;
import io.github.databrickstelemetry.standin.WorkspaceStandIn;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With the real driver: the ids are the server's, whatever becomes of a statement. */
class DatabricksDriverAdapterTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final DatabricksDriverAdapter adapter = new DatabricksDriverAdapter();
    private WorkspaceStandIn workspace;

    @BeforeEach
    void start() throws Exception {
        workspace = WorkspaceStandIn.start();
    }

    @AfterEach
    void stop() {
        workspace.close();
    }

    @Test
    void readsAProxyWithTheDriversInterfaceThatCannotUnwrap() {
        IDatabricksConnection proxy = (IDatabricksConnection) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {IDatabricksConnection.class},
                (self, method, arguments) -> {
                    throw new AbstractMethodError(method.getName());
                });

        assertThat(DriverObjects.unwrap((Connection) proxy, IDatabricksConnection.class))
                .isSameAs(proxy);
    }

    @ParameterizedTest
    @EnumSource
    void tellsTheSessionOfTheServer(Mode mode) throws Exception {
        try (Connection connection = connect(mode)) {
            assertThat(adapter.sessionId(connection))
                    .isEqualTo(workspace.sessions().get(0))
                    .doesNotContain(WorkspaceStandIn.HANDLE_SECRET.toString());
        }
    }

    @Test
    void findsTheDriversConnectionBehindAPoolThatHidesIt() throws Exception {
        try (Connection connection = connect(Mode.SEA)) {
            Connection borrow = OpaqueConnection.around(connection);
            assertThat(borrow.unwrap(Connection.class)).isSameAs(borrow);
            assertThat(adapter.physical(borrow)).isSameAs(connection);
            assertThat(adapter.physical(connection)).isSameAs(connection);
        }
    }

    @Test
    void knowsNoConnectionOfAnotherDriver() throws Exception {
        try (Connection other = DriverManager.getConnection("jdbc:h2:mem:")) {
            assertThat(adapter.physical(other)).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsTheStatementOfAQuery(Mode mode) throws Exception {
        try (Connection connection = connect(mode);
                Statement statement = connection.createStatement()) {
            ResultSet resultSet = statement.executeQuery("SELECT 1");
            DeferredResult remembered = adapter.executed(statement, resultSet, 0);
            readAll(resultSet);
            StatementResult result = result(remembered);

            assertThat(result.statementId())
                    .isEqualTo(workspace.lastStatement().id())
                    .doesNotContain(WorkspaceStandIn.HANDLE_SECRET.toString());
            assertThat(result.format())
                    .isEqualTo(mode == Mode.SEA ? ResultFormat.INLINE_JSON : ResultFormat.COLUMNAR_INLINE);
            assertThat(result.compressed()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void stillTellsEverythingAfterTheResultSetWasClosed(Mode mode) throws Exception {
        workspace.answer("SELECT big", Answer.cloudFetch(Table.numbers(40), 10));
        try (Connection connection = connect(mode);
                Statement statement = connection.createStatement()) {
            DeferredResult remembered;
            ResultSet resultSet = statement.executeQuery("SELECT big");
            try (resultSet) {
                remembered = adapter.executed(statement, resultSet, 0);
                assertThat(readAll(resultSet)).isEqualTo(40);
            }
            await().atMost(PATIENCE).until(() -> workspace.lastStatement().isClosed());
            StatementResult result = result(remembered);

            assertThat(result.statementId()).isEqualTo(workspace.lastStatement().id());
            assertThat(result.format()).isEqualTo(ResultFormat.EXTERNAL_LINKS);
            assertThat(result.chunks().present()).isEqualTo(4);
            assertThat(result.compressed()).isTrue();
        }
    }

    /** The driver counts from the first row only; what comes before is waiting for the first chunk. */
    @ParameterizedTest
    @EnumSource
    void tellsWhenTheFirstRowWasRead(Mode mode) throws Exception {
        workspace.answer("SELECT big", Answer.cloudFetch(Table.numbers(40), 10));
        try (Connection connection = connect(mode);
                Statement statement = connection.createStatement()) {
            long start = System.nanoTime();
            ResultSet resultSet = statement.executeQuery("SELECT big");
            long returned = System.nanoTime();
            DeferredResult remembered = adapter.executed(statement, resultSet, start);
            assertThat(resultSet.next()).isTrue();
            long first = System.nanoTime();

            assertThat(result(remembered).latency().firstRowNanos()).isBetween(returned - start, first - start);
            assertThat(result(adapter.executed(statement, resultSet, 0))
                            .latency()
                            .firstRowNanos())
                    .isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsThatChunksWereNotCompressed(Mode mode) throws Exception {
        workspace.answer("SELECT big", new Answer.Rows(Table.numbers(20), Answer.Delivery.CLOUD_FETCH, 10, false));
        try (Connection connection = connect(mode);
                Statement statement = connection.createStatement()) {
            ResultSet resultSet = statement.executeQuery("SELECT big");
            StatementResult result = result(adapter.executed(statement, resultSet, 0));

            assertThat(result.format()).isEqualTo(ResultFormat.EXTERNAL_LINKS);
            assertThat(result.chunks().present()).isEqualTo(2);
            assertThat(result.compressed()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsInlineArrowFromLinks(Mode mode) throws Exception {
        workspace.answer("SELECT some", new Answer.Rows(Table.numbers(5), Answer.Delivery.INLINE_ARROW, 5, false));
        try (Connection connection = connect(mode);
                Statement statement = connection.createStatement()) {
            ResultSet resultSet = statement.executeQuery("SELECT some");
            DeferredResult remembered = adapter.executed(statement, resultSet, 0);
            assertThat(readAll(resultSet)).isEqualTo(5);

            assertThat(result(remembered).format()).isEqualTo(ResultFormat.INLINE_ARROW);
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsTheStatementOfAnUpdate(Mode mode) throws Exception {
        workspace.answer("UPDATE t SET a = 1", new Answer.Updated(7));
        try (Connection connection = connect(mode);
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("UPDATE t SET a = 1")).isEqualTo(7);

            assertThat(result(adapter.executed(statement, null, 0)).statementId())
                    .isEqualTo(workspace.lastStatement().id());
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsTheStatementOfADefinition(Mode mode) throws Exception {
        try (Connection connection = connect(mode);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (a INT)");

            assertThat(result(adapter.executed(statement, null, 0)).statementId())
                    .isEqualTo(workspace.lastStatement().id());
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsTheStatementOfAPreparedOne(Mode mode) throws Exception {
        try (Connection connection = connect(mode);
                PreparedStatement statement = connection.prepareStatement("SELECT ?")) {
            statement.setInt(1, 5);
            ResultSet resultSet = statement.executeQuery();

            assertThat(result(adapter.executed(statement, resultSet, 0)).statementId())
                    .isEqualTo(workspace.lastStatement().id());
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsTheLastStatementOfABatch(Mode mode) throws Exception {
        try (Connection connection = connect(mode);
                PreparedStatement statement = connection.prepareStatement("INSERT INTO t VALUES (?)")) {
            for (int i = 0; i < 3; i++) {
                statement.setInt(1, i);
                statement.addBatch();
            }
            statement.executeBatch();

            assertThat(result(adapter.executed(statement, null, 0)).statementId())
                    .isEqualTo(workspace.lastStatement().id());
            assertThat(workspace.statements()).hasSize(3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsTheStatementThatFailed(Mode mode) throws Exception {
        workspace.answer("SELECT boom", new Answer.Failed("42P01", "BAD_REQUEST", "no such table"));
        try (Connection connection = connect(mode);
                Statement statement = connection.createStatement()) {
            Throwable failure = catchThrowable(() -> statement.executeQuery("SELECT boom"));

            assertThat(failure).isInstanceOf(SQLException.class);
            assertThat(((SQLException) failure).getSQLState()).isEqualTo("42P01");
            assertThat(result(adapter.failed(statement)).statementId())
                    .isEqualTo(workspace.lastStatement().id());
        }
    }

    @ParameterizedTest
    @EnumSource
    void knowsNoStatementWhereTheServerMadeNone(Mode mode) throws Exception {
        workspace
                .answer("SELECT forbidden", new Answer.Refused(403, "PERMISSION_DENIED", "no"))
                .answer("SELECT broken", new Answer.Refused(500, "INTERNAL_ERROR", "no"));
        try (Connection connection = connect(mode);
                Statement statement = connection.createStatement()) {
            statement.executeQuery("SELECT 1");
            assertThat(catchThrowable(() -> statement.executeQuery("SELECT forbidden")))
                    .isInstanceOf(SQLException.class);
            assertThat(adapter.failed(statement)).isNull();
            assertThat(catchThrowable(() -> statement.executeQuery("SELECT broken")))
                    .isInstanceOf(SQLException.class);
            assertThat(adapter.failed(statement)).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsTheStatementThatWasCancelled(Mode mode) throws Exception {
        workspace.answer("SELECT slow", Answer.never());
        try (Connection connection = connect(mode);
                Statement statement = connection.createStatement()) {
            CompletableFuture<Throwable> failure =
                    CompletableFuture.supplyAsync(() -> catchThrowable(() -> statement.executeQuery("SELECT slow")));
            await().atMost(PATIENCE)
                    .until(() -> !workspace.statements().isEmpty()
                            && workspace.lastStatement().polls() > 0);
            statement.cancel();

            await().atMost(PATIENCE).until(failure::isDone);
            assertThat(failure.get()).isInstanceOf(SQLException.class);
            assertThat(workspace.lastStatement().isCancelled()).isTrue();
            assertThat(result(adapter.failed(statement)).statementId())
                    .isEqualTo(workspace.lastStatement().id());
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsTheStatementThatTookTooLong(Mode mode) throws Exception {
        workspace.answer("SELECT slow", Answer.never());
        try (Connection connection = connect(mode);
                Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(1);
            Throwable failure = catchThrowable(() -> statement.executeQuery("SELECT slow"));

            assertThat(failure).isInstanceOf(SQLTimeoutException.class);
            assertThat(result(adapter.failed(statement)).statementId())
                    .isEqualTo(workspace.lastStatement().id());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"THRIFT", "CLUSTER"})
    void tellsHowOftenTheServerWasAsked(Mode mode) throws Exception {
        workspace.answer("SELECT slow", new Answer.Polled(3, Answer.numbers(1)));
        try (Connection connection = connect(mode);
                Statement statement = connection.createStatement()) {
            ResultSet resultSet = statement.executeQuery("SELECT slow");
            StatementResult result = result(adapter.executed(statement, resultSet, 0));

            assertThat(result.polls().count())
                    .isEqualTo(workspace.lastStatement().polls())
                    .isEqualTo(3);
        }
    }

    @Test
    void tellsTheStatementBehindMetadata() throws Exception {
        try (Connection connection = connect(Mode.SEA);
                Statement statement = connection.createStatement()) {
            statement.executeQuery("SELECT 1");
            DatabaseMetaData metaData = connection.getMetaData();
            Object before = adapter.mark(metaData);
            try (ResultSet resultSet = metaData.getSchemas("main", null)) {
                StatementResult result = adapter.ranSince(metaData, before);

                assertThat(Objects.requireNonNull(result).statementId())
                        .isEqualTo(workspace.lastStatement().id());
                assertThat(workspace.lastStatement().sql()).startsWith("SHOW SCHEMAS");
            }
        }
    }

    @Test
    void takesNoEarlierStatementForTheOneBehindMetadata() throws Exception {
        try (Connection connection = connect(Mode.SEA);
                Statement statement = connection.createStatement()) {
            statement.executeQuery("SELECT 1");
            DatabaseMetaData metaData = connection.getMetaData();
            Object before = adapter.mark(metaData);
            try (ResultSet resultSet = metaData.getTableTypes()) {
                assertThat(workspace.lastStatement().sql()).isEqualTo("SELECT 1");
                assertThat(adapter.ranSince(metaData, before)).isNull();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"THRIFT", "CLUSTER"})
    void knowsNoStatementBehindMetadataOfThrift(Mode mode) throws Exception {
        try (Connection connection = connect(mode)) {
            DatabaseMetaData metaData = connection.getMetaData();
            Object before = adapter.mark(metaData);
            try (ResultSet resultSet = metaData.getCatalogs()) {
                assertThat(adapter.ranSince(metaData, before)).isNull();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void seesThroughAPool(Mode mode) throws Exception {
        workspace.answer("SELECT big", Answer.cloudFetch(Table.numbers(30), 10));
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(mode.url(workspace));
        config.setMaximumPoolSize(1);
        try (HikariDataSource pool = new HikariDataSource(config);
                Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            ResultSet resultSet = statement.executeQuery("SELECT big");
            StatementResult result = result(adapter.executed(statement, resultSet, 0));

            assertThat(adapter.sessionId(connection))
                    .isEqualTo(workspace.sessions().get(0));
            assertThat(result.statementId()).isEqualTo(workspace.lastStatement().id());
            assertThat(result.chunks().present()).isEqualTo(3);
            assertThat(result.compressed()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void sendsNothingByItself(Mode mode) throws Exception {
        try (Connection connection = connect(mode);
                Statement statement = connection.createStatement()) {
            ResultSet resultSet = statement.executeQuery("SELECT 1");
            DatabaseMetaData metaData = connection.getMetaData();
            int requests = workspace.requests().size();

            adapter.sessionId(connection);
            DeferredResult remembered = adapter.executed(statement, resultSet, 0);
            result(remembered);
            adapter.failed(statement);
            adapter.ranSince(metaData, adapter.mark(metaData));

            assertThat(workspace.requests()).hasSize(requests);
        }
    }

    @ParameterizedTest
    @EnumSource
    void knowsNothingOfAClosedConnectionAndDoesNotFail(Mode mode) throws Exception {
        Connection connection = connect(mode);
        Statement statement = connection.createStatement();
        ResultSet resultSet = statement.executeQuery("SELECT 1");
        DeferredResult remembered = adapter.executed(statement, resultSet, 0);
        connection.close();

        assertThat(result(remembered).statementId())
                .isEqualTo(workspace.lastStatement().id());
    }

    @Test
    void knowsNothingOfAnotherDriver() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:");
                Statement statement = connection.createStatement()) {
            ResultSet resultSet = statement.executeQuery("SELECT 1");

            assertThat(adapter.sessionId(connection)).isNull();
            assertThat(adapter.executed(statement, resultSet, 0)).isNull();
            assertThat(adapter.failed(statement)).isNull();
            assertThat(adapter.mark(connection.getMetaData())).isNull();
            assertThat(adapter.ranSince(connection.getMetaData(), null)).isNull();
        }
    }

    private Connection connect(Mode mode) throws SQLException {
        return DriverManager.getConnection(mode.url(workspace));
    }

    private static StatementResult result(@Nullable DeferredResult result) {
        return Objects.requireNonNull(Objects.requireNonNull(result).read());
    }

    private static int readAll(ResultSet resultSet) throws SQLException {
        int rows = 0;
        while (resultSet.next()) {
            assertThat(resultSet.getInt(1)).isEqualTo(rows);
            rows++;
        }
        return rows;
    }
}
