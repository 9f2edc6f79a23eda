package io.github.databrickstelemetry.sample.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.databricks.jdbc.api.IDatabricksConnection;
import com.databricks.jdbc.api.IDatabricksResultSet;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The published driver against the embedded workspace, over a real socket. */
class DriverAgainstWorkspaceTest {

    private static EmbeddedWorkspace workspace;

    @BeforeAll
    static void start() throws Exception {
        workspace = EmbeddedWorkspace.start();
    }

    @AfterAll
    static void stop() {
        workspace.close();
    }

    private static Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("password", workspace.token());
        return DriverManager.getConnection(workspace.jdbcUrl(), properties);
    }

    private static List<String> firstColumn(ResultSet resultSet, String name) throws SQLException {
        List<String> values = new ArrayList<>();
        while (resultSet.next()) {
            values.add(resultSet.getString(name));
        }
        return values;
    }

    @Test
    void answersTypedColumns() throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT 1 AS i, CAST(2 AS BIGINT) AS l, 'x' AS s, TRUE AS b,"
                        + " CAST(1.5 AS DECIMAL(10, 2)) AS d, TIMESTAMP '2016-01-02 03:04:05' AS t, NULL AS n")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getInt("i")).isEqualTo(1);
            assertThat(row.getLong("l")).isEqualTo(2);
            assertThat(row.getString("s")).isEqualTo("x");
            assertThat(row.getBoolean("b")).isTrue();
            assertThat(row.getBigDecimal("d")).isEqualByComparingTo("1.5");
            assertThat(row.getTimestamp("t")).isEqualTo(Timestamp.valueOf("2016-01-02 03:04:05"));
            assertThat(row.getString("n")).isNull();
            assertThat(row.next()).isFalse();
        }
    }

    @Test
    void readsALargeResultChunkByChunk() throws Exception {
        int rows = 3 * ResultTable.ROWS_PER_CHUNK + 17;
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT x FROM SYSTEM_RANGE(1, " + rows + ") ORDER BY x")) {
            int count = 0;
            while (result.next()) {
                count++;
                assertThat(result.getLong(1)).isEqualTo(count);
            }
            assertThat(count).isEqualTo(rows);
        }
    }

    @Test
    void bindsParameters() throws Exception {
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT COUNT(*) FROM samples.nyctaxi.trips WHERE pickup_zip = ? AND trip_distance >= ?")) {
            statement.setInt(1, 10001);
            statement.setDouble(2, 0);
            try (ResultSet result = statement.executeQuery()) {
                assertThat(result.next()).isTrue();
                assertThat(result.getLong(1)).isBetween(1L, (long) EmbeddedWorkspace.TRIPS);
            }
        }
    }

    @Test
    void createsChangesAndCounts() throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE notes (id INT, text VARCHAR)");
            assertThat(statement.executeUpdate("INSERT INTO notes VALUES (1, 'a'), (2, 'b')"))
                    .isEqualTo(2);
            assertThat(statement.executeUpdate("DELETE FROM notes WHERE id = 1"))
                    .isEqualTo(1);
        }
    }

    @Test
    void failsAStatementWithTheStateThatTheRealOneAnswers() throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.executeQuery("SELECT * FROM samples.nyctaxi.helicopters"))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42P01"));
            assertThatThrownBy(() -> statement.executeQuery("SELEKT 1"))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42601"));
        }
        assertThat(workspace.history().newest(50))
                .anySatisfy(entry -> assertThat(entry.state()).isEqualTo("FAILED"));
    }

    @Test
    void cancelsAStatementThatRuns() throws Exception {
        try (Connection connection = connect();
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
        }
    }

    @Test
    void handsOutTheIdsThatTheDriverShows() throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT 1")) {
            String session = connection.unwrap(IDatabricksConnection.class).getConnectionId();
            String id = result.unwrap(IDatabricksResultSet.class).getStatementId();
            assertThat(workspace.history().newest(50)).anySatisfy(entry -> {
                assertThat(entry.statementId()).isEqualTo(id);
                assertThat(session).contains(entry.sessionId());
                assertThat(entry.state()).isEqualTo("SUCCEEDED");
            });
        }
    }

    @Test
    void showsItsTablesAndColumns() throws Exception {
        try (Connection connection = connect()) {
            var meta = connection.getMetaData();
            try (ResultSet catalogs = meta.getCatalogs()) {
                assertThat(firstColumn(catalogs, "TABLE_CAT")).containsExactly("samples");
            }
            try (ResultSet schemas = meta.getSchemas("samples", "ny%")) {
                assertThat(firstColumn(schemas, "TABLE_SCHEM")).containsExactly("nyctaxi");
            }
            try (ResultSet tables = meta.getTables("samples", "%", "%", null)) {
                assertThat(firstColumn(tables, "TABLE_NAME")).contains("trips", "customer");
            }
            try (ResultSet columns = meta.getColumns("samples", "nyctaxi", "trips", "%")) {
                assertThat(firstColumn(columns, "COLUMN_NAME"))
                        .containsExactly(
                                "tpep_pickup_datetime",
                                "tpep_dropoff_datetime",
                                "trip_distance",
                                "fare_amount",
                                "pickup_zip",
                                "dropoff_zip");
            }
            try (ResultSet keys = meta.getPrimaryKeys("samples", "nyctaxi", "trips")) {
                assertThat(keys.next()).isFalse();
            }
        }
    }

    @Test
    void refusesAnotherToken() {
        Properties properties = new Properties();
        properties.setProperty("password", "wrong");
        assertThatThrownBy(() -> DriverManager.getConnection(workspace.jdbcUrl(), properties)
                        .close())
                .isInstanceOf(SQLException.class);
    }
}
