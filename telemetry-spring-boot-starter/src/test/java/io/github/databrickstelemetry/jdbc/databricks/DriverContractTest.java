package io.github.databrickstelemetry.jdbc.databricks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.jdbc.ContractSql;
import io.github.databrickstelemetry.jdbc.JdbcContract;
import io.github.databrickstelemetry.jdbc.datasource.Instrumented;
import io.github.databrickstelemetry.jdbc.datasource.RecordingTelemetry;
import io.github.databrickstelemetry.standin.Answer;
import io.github.databrickstelemetry.standin.WorkspaceStandIn;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The real driver shows an application the same with and without instrumentation. */
class DriverContractTest {

    @Nested
    class OverTheSqlExecutionApi extends Contract {
        OverTheSqlExecutionApi() {
            super(Mode.SEA);
        }
    }

    @Nested
    class OverThrift extends Contract {
        OverThrift() {
            super(Mode.THRIFT);
        }
    }

    abstract static class Contract extends JdbcContract {

        private static final ContractSql SQL = new ContractSql(
                "SELECT three",
                "SELECT ?",
                "INSERT INTO contract VALUES ('n')",
                "INSERT INTO contract VALUES (?)",
                "SELECT * FROM nowhere",
                null);

        private final WorkspaceStandIn workspace;

        Contract(Mode mode) {
            this(
                    mode,
                    WorkspaceStandIn.start()
                            .answer("SELECT three", Answer.numbers(3))
                            .answer(
                                    "SELECT * FROM nowhere",
                                    new Answer.Failed("42P01", "BAD_REQUEST", "no such table")));
        }

        private Contract(Mode mode, WorkspaceStandIn workspace) {
            super(
                    withSameIds(workspace, new DriverManagerDataSource(mode.url(workspace))),
                    withSameIds(workspace, instrumented(new DriverManagerDataSource(mode.url(workspace)))),
                    SQL);
            this.workspace = workspace;
        }

        private static DataSource instrumented(DataSource driver) {
            DataSource instrumented = Instrumented.bean(
                    driver,
                    new RecordingTelemetry(),
                    RecordingTelemetry.resolveAll(new DatabricksDriverAdapter(), DatabricksDriver.TELEMETRY_OFF));
            assertThat(instrumented).isNotSameAs(driver);
            return instrumented;
        }

        /** Messages of the driver carry ids, in several forms. */
        private static DataSource withSameIds(WorkspaceStandIn workspace, DataSource dataSource) {
            return new DelegatingDataSource(dataSource) {
                @Override
                public Connection getConnection() throws SQLException {
                    workspace.restartIds();
                    return super.getConnection();
                }
            };
        }

        @AfterEach
        void close() {
            workspace.close();
        }
    }
}
