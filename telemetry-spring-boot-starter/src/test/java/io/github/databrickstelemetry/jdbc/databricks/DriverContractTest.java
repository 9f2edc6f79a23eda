package io.github.databrickstelemetry.jdbc.databricks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.jdbc.ContractSql;
import io.github.databrickstelemetry.jdbc.JdbcContract;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceTelemetryPostProcessor;
import io.github.databrickstelemetry.jdbc.datasource.RecordingTelemetry;
import io.github.databrickstelemetry.standin.Answer;
import io.github.databrickstelemetry.standin.WorkspaceStandIn;
import java.io.IOException;
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
        OverTheSqlExecutionApi() throws IOException {
            super(Mode.SEA);
        }
    }

    @Nested
    class OverThrift extends Contract {
        OverThrift() throws IOException {
            super(Mode.THRIFT);
        }
    }

    abstract static class Contract extends JdbcContract {

        private final WorkspaceStandIn workspace;
        private final DataSource bare;
        private final DataSource observed;

        Contract(Mode mode) throws IOException {
            workspace = WorkspaceStandIn.start()
                    .answer("SELECT three", Answer.numbers(3))
                    .answer("SELECT * FROM nowhere", new Answer.Failed("42P01", "BAD_REQUEST", "no such table"));
            DataSourceTelemetryPostProcessor postProcessor = new DataSourceTelemetryPostProcessor(
                    () -> RecordingTelemetry.resolveAll(new DatabricksDriverAdapter(), DriverTelemetry.OFF),
                    RecordingTelemetry::new);
            DataSource driver = new DriverManagerDataSource(mode.url(workspace));
            bare = withSameIds(driver);
            Object instrumented = postProcessor.postProcessAfterInitialization(
                    postProcessor.postProcessBeforeInitialization(driver, "driver"), "driver");
            assertThat(instrumented).isNotSameAs(driver);
            observed = withSameIds((DataSource) instrumented);
        }

        /** Messages of the driver carry ids, in several forms. */
        private DataSource withSameIds(DataSource dataSource) {
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

        @Override
        protected DataSource bare() {
            return bare;
        }

        @Override
        protected DataSource observed() {
            return observed;
        }

        @Override
        protected ContractSql sql() {
            return new ContractSql(
                    "SELECT three",
                    "SELECT ?",
                    "INSERT INTO contract VALUES ('n')",
                    "INSERT INTO contract VALUES (?)",
                    "SELECT * FROM nowhere",
                    null);
        }
    }
}
