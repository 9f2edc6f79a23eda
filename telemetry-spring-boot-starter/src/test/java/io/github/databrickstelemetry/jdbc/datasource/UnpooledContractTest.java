package io.github.databrickstelemetry.jdbc.datasource;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.jdbc.H2;
import io.github.databrickstelemetry.jdbc.JdbcContract;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.h2.jdbc.JdbcConnection;
import org.h2.jdbc.JdbcStatement;
import org.junit.jupiter.api.Test;

/** A driver's own data source. */
class UnpooledContractTest extends JdbcContract {

    UnpooledContractTest() throws SQLException {
        super(
                H2.dataSource(H2.newDatabase()),
                Instrumented.below(H2.dataSource(H2.newDatabase()), new RecordingTelemetry()),
                H2.SQL);
    }

    @Override
    protected Map<String, Scenario> more() {
        return Map.of("driver's classes", (connection, trace) -> {
            trace.see(
                    "connection", () -> connection.unwrap(JdbcConnection.class).getClass());
            trace.see("is wrapper", () -> connection.isWrapperFor(JdbcConnection.class));
            try (Statement statement = connection.createStatement()) {
                trace.see(
                        "statement", () -> statement.unwrap(JdbcStatement.class).getClass());
            }
        });
    }

    @Test
    void aResultSetKnowsTheDriversStatementOnly() throws SQLException {
        try (Connection connection = observed().getConnection();
                Statement statement = connection.createStatement();
                ResultSet resultSet = statement.executeQuery(H2.SQL.query())) {
            assertThat(resultSet.getStatement()).isNotSameAs(statement).isSameAs(statement.unwrap(JdbcStatement.class));
        }
    }
}
