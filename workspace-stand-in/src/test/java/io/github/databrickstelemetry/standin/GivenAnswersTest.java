package io.github.databrickstelemetry.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The published driver against answers that the test gives. */
class GivenAnswersTest {

    private static final String SQL = "SELECT given";

    private WorkspaceStandIn workspace;

    @BeforeEach
    void start() {
        workspace = WorkspaceStandIn.start();
    }

    @AfterEach
    void stop() {
        workspace.close();
    }

    private Connection connect(Protocol protocol) throws SQLException {
        return DriverManager.getConnection(workspace.jdbcUrl(protocol));
    }

    @ParameterizedTest
    @EnumSource
    void answersWithATable(Protocol protocol) throws Exception {
        Table table = Table.of("id BIGINT", "name STRING", "price DECIMAL(10,2)")
                .row(1, "one", "0.50")
                .row(2, null, null);
        workspace.answer(SQL, Answer.rows(table));
        try (Connection connection = connect(protocol);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(SQL)) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getLong("id")).isEqualTo(1);
            assertThat(rows.getString("name")).isEqualTo("one");
            assertThat(rows.getBigDecimal("price")).isEqualByComparingTo("0.5");
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString("name")).isNull();
            assertThat(rows.getBigDecimal("price")).isNull();
            assertThat(rows.next()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void readsChunksFromCloudStorage(Protocol protocol) throws Exception {
        workspace.answer(SQL, Answer.cloudFetch(Table.numbers(25), 10));
        try (Connection connection = connect(protocol);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(SQL)) {
            for (int n = 0; n < 25; n++) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getInt("n")).isEqualTo(n);
            }
            assertThat(rows.next()).isFalse();
        }
        assertThat(workspace.requests())
                .filteredOn(r -> r.target().startsWith("/cloud/"))
                .hasSize(3);
    }

    @ParameterizedTest
    @EnumSource
    void readsArrowFromTheResponse(Protocol protocol) throws Exception {
        workspace.answer(SQL, new Answer.Rows(Table.numbers(5), Answer.Delivery.INLINE_ARROW, 100, true));
        try (Connection connection = connect(protocol);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(SQL)) {
            for (int n = 0; n < 5; n++) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getInt("n")).isEqualTo(n);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void runsUntilItIsPolledOftenEnough(Protocol protocol) throws Exception {
        workspace.answer(SQL, new Answer.Polled(3, Answer.numbers(1)));
        try (Connection connection = connect(protocol);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(SQL)) {
            assertThat(rows.next()).isTrue();
        }
        assertThat(workspace.lastStatement().polls()).isGreaterThanOrEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void refusesAStatementWithoutRunningIt(Protocol protocol) throws Exception {
        workspace.answer(SQL, new Answer.Refused(403, "PERMISSION_DENIED", "no"));
        try (Connection connection = connect(protocol);
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.executeQuery(SQL)).isInstanceOf(SQLException.class);
        }
        assertThat(workspace.statements()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void givesTheSameIdsForTheSameRequests(Protocol protocol) throws Exception {
        for (int i = 0; i < 2; i++) {
            try (Connection connection = connect(protocol);
                    Statement statement = connection.createStatement()) {
                statement.execute(SQL);
            }
            workspace.restartIds();
        }
        assertThat(workspace.sessions()).hasSize(2);
        assertThat(workspace.sessions().get(0)).isEqualTo(workspace.sessions().get(1));
        assertThat(workspace.statements()).hasSize(1);
        assertThat(workspace.statementsRun()).isEqualTo(2);
    }

    @Test
    void acceptsATokenUntilItWasRotatedTwice() throws Exception {
        String url = workspace.jdbcUrl();
        workspace.rotateToken();
        DriverManager.getConnection(url).close();
        workspace.rotateToken();
        assertThatThrownBy(() -> DriverManager.getConnection(url).close()).isInstanceOf(SQLException.class);
        DriverManager.getConnection(workspace.jdbcUrl()).close();
    }

    @Test
    void refusesAColumnWithoutAKnownType() {
        assertThatThrownBy(() -> Table.of("id")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Table.of("id NUMBER")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Table.of("id INT").row(1, 2)).isInstanceOf(IllegalArgumentException.class);
    }
}
