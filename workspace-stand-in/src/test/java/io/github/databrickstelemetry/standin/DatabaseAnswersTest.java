package io.github.databrickstelemetry.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.databricks.jdbc.api.IDatabricksConnection;
import com.databricks.jdbc.api.IDatabricksResultSet;
import java.sql.Connection;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The published driver against a stand-in with an H2 database, over a real socket. */
class DatabaseAnswersTest {

    private static final String ALL_TYPES = "SELECT CAST(1 AS TINYINT) AS y, CAST(2 AS SMALLINT) AS h, 3 AS i,"
            + " CAST(4 AS BIGINT) AS l, 'x' AS s, TRUE AS b, CAST(1.5 AS DECIMAL(10, 2)) AS d,"
            + " CAST(0.5 AS REAL) AS f, CAST(0.25 AS DOUBLE PRECISION) AS g, DATE '2016-01-02' AS a_day,"
            + " TIMESTAMP '2016-01-02 03:04:05' AS t, CAST(NULL AS VARCHAR) AS n, CAST(NULL AS INT) AS m"
            + " FROM SYSTEM_RANGE(1, %d)";

    private static H2Database database;
    private static WorkspaceStandIn workspace;

    @BeforeAll
    static void start() throws Exception {
        database = H2Database.create(
                "CREATE SCHEMA shop", "CREATE TABLE shop.orders (id BIGINT, customer VARCHAR, price DECIMAL(10, 2))");
        workspace = WorkspaceStandIn.start().answerFrom("main", database);
    }

    @AfterAll
    static void stop() throws Exception {
        workspace.close();
        database.close();
    }

    private static Connection connect(Protocol protocol) throws SQLException {
        return DriverManager.getConnection(workspace.jdbcUrl(protocol));
    }

    /** One row comes inline; more than a chunk of them come in Arrow from cloud storage. */
    @ParameterizedTest
    @EnumSource
    void answersEveryTypeInlineAndFromCloudStorage(Protocol protocol) throws Exception {
        for (int rows : new int[] {1, 2 * DatabaseSession.ROWS_PER_CHUNK + 1}) {
            try (Connection connection = connect(protocol);
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(ALL_TYPES.formatted(rows))) {
                for (int i = 0; i < rows; i++) {
                    assertThat(row.next()).isTrue();
                }
                assertThat(row.getByte("y")).isEqualTo((byte) 1);
                assertThat(row.getShort("h")).isEqualTo((short) 2);
                assertThat(row.getInt("i")).isEqualTo(3);
                assertThat(row.getLong("l")).isEqualTo(4);
                assertThat(row.getString("s")).isEqualTo("x");
                assertThat(row.getBoolean("b")).isTrue();
                assertThat(row.getBigDecimal("d")).isEqualByComparingTo("1.5");
                assertThat(row.getFloat("f")).isEqualTo(0.5f);
                assertThat(row.getDouble("g")).isEqualTo(0.25);
                assertThat(row.getDate("a_day")).isEqualTo(Date.valueOf("2016-01-02"));
                assertThat(row.getTimestamp("t")).isEqualTo(Timestamp.valueOf("2016-01-02 03:04:05"));
                assertThat(row.getString("n")).isNull();
                assertThat(row.getInt("m")).isZero();
                assertThat(row.wasNull()).isTrue();
                assertThat(row.next()).isFalse();
            }
        }
        long fromStorage = workspace.requests().stream()
                .filter(request -> request.target().startsWith("/cloud/"))
                .count();
        assertThat(fromStorage).isPositive();
    }

    @ParameterizedTest
    @EnumSource
    void bindsParameters(Protocol protocol) throws Exception {
        try (Connection connection = connect(protocol);
                PreparedStatement statement =
                        connection.prepareStatement("SELECT CAST(? AS INT) + 1 AS i, CAST(? AS VARCHAR) AS s")) {
            statement.setInt(1, 41);
            statement.setString(2, "it's");
            try (ResultSet row = statement.executeQuery()) {
                assertThat(row.next()).isTrue();
                assertThat(row.getInt(1)).isEqualTo(42);
                assertThat(row.getString(2)).isEqualTo("it's");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void createsChangesAndCounts(Protocol protocol) throws Exception {
        String table = "notes_" + protocol;
        try (Connection connection = connect(protocol);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE " + table + " (id INT, text VARCHAR)");
            assertThat(statement.executeUpdate("INSERT INTO " + table + " VALUES (1, 'a'), (2, 'b')"))
                    .isEqualTo(2);
            assertThat(statement.executeUpdate("DELETE FROM " + table + " WHERE id = 1"))
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void failsAStatementWithTheStateOfARealWorkspace(Protocol protocol) throws Exception {
        try (Connection connection = connect(protocol);
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.executeQuery("SELECT * FROM nowhere"))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42P01"));
            assertThat(workspace.lastStatement().state()).isEqualTo("FAILED");
        }
    }

    @ParameterizedTest
    @EnumSource
    void cancelsARunningStatement(Protocol protocol) throws Exception {
        try (Connection connection = connect(protocol);
                Statement statement = connection.createStatement()) {
            CompletableFuture<Void> query = CompletableFuture.runAsync(() -> {
                try (ResultSet result = statement.executeQuery(
                        "SELECT SUM(a.x * b.x) FROM SYSTEM_RANGE(1, 1000000) a, SYSTEM_RANGE(1, 1000000) b")) {
                    result.next();
                } catch (SQLException e) {
                    throw new CompletionException(e);
                }
            });
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                statement.cancel();
                return query.isDone();
            });
            assertThat(query).isCompletedExceptionally();
            assertThat(workspace.lastStatement().state()).isEqualTo("CANCELED");
        }
    }

    @Test
    void handsOutTheIdsOfTheDriver() throws Exception {
        try (Connection connection = connect(Protocol.SEA);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT 1")) {
            ServerStatement last = workspace.lastStatement();
            assertThat(result.unwrap(IDatabricksResultSet.class).getStatementId())
                    .isEqualTo(last.id());
            assertThat(connection.unwrap(IDatabricksConnection.class).getConnectionId())
                    .contains(last.sessionId());
            assertThat(last.state()).isEqualTo("SUCCEEDED");
            assertThat(workspace.isOpen(last.sessionId())).isTrue();
            connection.close();
            assertThat(workspace.isOpen(last.sessionId())).isFalse();
        }
    }

    @Test
    void showsTablesAndColumns() throws Exception {
        try (Connection connection = connect(Protocol.SEA)) {
            var meta = connection.getMetaData();
            assertThat(column(meta.getCatalogs(), "TABLE_CAT")).containsExactly("main");
            assertThat(column(meta.getSchemas("main", "sh%"), "TABLE_SCHEM")).containsExactly("shop");
            assertThat(column(meta.getTables("main", "%", "%", null), "TABLE_NAME"))
                    .contains("orders");
            assertThat(column(meta.getColumns("main", "shop", "orders", "%"), "COLUMN_NAME"))
                    .containsExactly("id", "customer", "price");
            assertThat(column(meta.getPrimaryKeys("main", "shop", "orders"), "COLUMN_NAME"))
                    .isEmpty();
        }
    }

    private static List<String> column(ResultSet resultSet, String name) throws SQLException {
        List<String> values = new ArrayList<>();
        try (resultSet) {
            while (resultSet.next()) {
                values.add(resultSet.getString(name));
            }
        }
        return values;
    }
}
