package io.github.databrickstelemetry.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.zaxxer.hikari.HikariDataSource;
import io.github.databrickstelemetry.standin.ServerStatement;
import io.github.databrickstelemetry.standin.TelemetryDocument;
import io.github.databrickstelemetry.standin.WorkspaceStandIn;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;

/** {@code spring.datasource.connection-fetch=lazy} of Spring Boot 4.1. Older lines ignore it. */
@ExtendWith(OutputCaptureExtension.class)
class LazyConnectionTest {

    private static final Class<? extends DataSource> EXPECTED =
            SpringBootVersion.getVersion().matches("3\\..*|4\\.0\\..*")
                    ? HikariDataSource.class
                    : LazyConnectionDataSourceProxy.class;

    private static RunningSample start() {
        return RunningSample.start("--spring.datasource.connection-fetch=lazy");
    }

    private static List<String> sessions(List<TelemetryDocument> received, String operation) {
        return received.stream()
                .filter(document -> document.operation().equals(operation))
                .map(TelemetryDocument::sessionId)
                .toList();
    }

    @Test
    void reportsEachSessionAndEachStatementOnceWithTheIdsOfTheWorkspace() {
        WorkspaceStandIn workspace;
        try (RunningSample sample = start();
                CapturedLog log = new CapturedLog()) {
            workspace = sample.workspace();
            assertThat(sample.context().getBean(DataSource.class)).isExactlyInstanceOf(EXPECTED);

            assertThat(sample.get("/trips/top?limit=5").statusCode()).isEqualTo(200);
            assertThat(sample.get("/trips/broken").statusCode()).isEqualTo(502);

            await().atMost(RunningSample.PATIENCE)
                    .untilAsserted(() -> assertThat(sample.statementsReported()).containsAll(sample.statementsRun()));
            assertThat(log.loud()).isEmpty();
        }

        List<TelemetryDocument> received = workspace.telemetry().received();
        List<ServerStatement> run = workspace.statements();
        assertThat(received)
                .filteredOn(document -> document.operation().equals("EXECUTE_STATEMENT"))
                .extracting(TelemetryDocument::statementId)
                .doesNotHaveDuplicates();
        assertThat(sessions(received, "CREATE_SESSION"))
                .doesNotHaveDuplicates()
                .containsAll(run.stream().map(ServerStatement::sessionId).toList())
                .containsExactlyInAnyOrderElementsOf(sessions(received, "DELETE_SESSION"));
    }

    @Test
    void observesThePoolBelowAndBorrowsNothingForItself() throws SQLException {
        try (RunningSample sample = start()) {
            JsonNode sources = sample.json("/actuator/databrickstelemetry").path("dataSources");
            assertThat(sources).hasSize(1);
            assertThat(sources.findValuesAsText("instrumentation")).containsExactly("BELOW_POOL");

            DataSource dataSource = sample.context().getBean(DataSource.class);
            HikariDataSource pool = dataSource.unwrap(HikariDataSource.class);
            try (Connection untouched = dataSource.getConnection()) {
                assertThat(untouched.isClosed()).isFalse();
                assertThat(pool.getHikariPoolMXBean().getActiveConnections())
                        .isEqualTo(EXPECTED == HikariDataSource.class ? 1 : 0);
            }
        }
    }

    @Test
    void startsWithoutAWarning(CapturedOutput output) {
        try (RunningSample sample = start()) {
            assertThat(output.toString().lines().filter(line -> !line.isBlank()))
                    .singleElement()
                    .asString()
                    .contains("open " + sample.address());
        }
    }
}
