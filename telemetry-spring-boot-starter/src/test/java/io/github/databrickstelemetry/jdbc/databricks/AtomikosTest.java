package io.github.databrickstelemetry.jdbc.databricks;

import static org.assertj.core.api.Assertions.assertThat;

import com.atomikos.jdbc.AtomikosNonXADataSourceBean;
import com.databricks.client.jdbc.Driver;
import com.databricks.jdbc.api.IDatabricksConnection;
import io.github.databrickstelemetry.jdbc.datasource.Contexts;
import io.github.databrickstelemetry.jdbc.datasource.RecordingTelemetry;
import io.github.databrickstelemetry.standin.WorkspaceStandIn;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** Atomikos gives out another proxy for each borrow, which implements the interfaces of the driver's connection. */
class AtomikosTest {

    private final WorkspaceStandIn workspace = WorkspaceStandIn.start();
    private final Contexts contexts = new Contexts();
    private final RecordingTelemetry telemetry = contexts.telemetry();

    @AfterEach
    void stop() {
        workspace.close();
    }

    private AtomikosNonXADataSourceBean pool() {
        AtomikosNonXADataSourceBean pool = new AtomikosNonXADataSourceBean();
        pool.setUniqueResourceName("warehouse");
        pool.setDriverClassName(Driver.class.getName());
        pool.setUrl(workspace.jdbcUrl());
        pool.setPoolSize(1);
        pool.setLocalTransactionMode(true);
        return pool;
    }

    private AnnotationConfigApplicationContext application() {
        contexts.resolve(RecordingTelemetry.resolveAll(new DatabricksDriverAdapter(), DatabricksDriver.TELEMETRY_OFF));
        return contexts.with(AtomikosNonXADataSourceBean.class, this::pool);
    }

    @Test
    void countsOneSessionForAllBorrowsOfAConnection() throws SQLException {
        try (AnnotationConfigApplicationContext context = application()) {
            DataSource pool = context.getBean(AtomikosNonXADataSourceBean.class);
            for (int i = 0; i < 6; i++) {
                try (Connection borrowed = pool.getConnection();
                        Statement statement = borrowed.createStatement();
                        ResultSet resultSet = statement.executeQuery("SELECT 1")) {
                    assertThat(borrowed.isWrapperFor(IDatabricksConnection.class))
                            .isTrue();
                    assertThat(resultSet.next()).isTrue();
                }
            }

            assertThat(workspace.sessions()).hasSize(1);
            assertThat(telemetry.lines()).filteredOn("open"::equals).hasSize(1);
            assertThat(telemetry.lines())
                    .filteredOn(line -> line.startsWith("complete"))
                    .as("each with the server's id")
                    .containsExactlyElementsOf(workspace.statements().stream()
                            .map(statement -> "complete " + statement.id())
                            .toList());
            assertThat(telemetry.lines()).doesNotContain("close");
        }
        assertThat(telemetry.lines()).endsWith("close");
        assertThat(telemetry.references()).isZero();
    }
}
