package io.github.databrickstelemetry.jdbc.databricks;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.github.databrickstelemetry.jdbc.JdbcSource;
import io.github.databrickstelemetry.jdbc.datasource.Contexts;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceDescription;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus.DriverTelemetry;
import io.github.databrickstelemetry.jdbc.datasource.RecordingTelemetry;
import io.github.databrickstelemetry.standin.WorkspaceStandIn;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Query tags reach the workspace with the session, without a request of ours. */
class QueryTagsOfSessionsTest {

    private static final Map<String, String> SILENT = DatabricksDriver.TELEMETRY_OFF;

    private final Contexts contexts = new Contexts();

    private static DataSourceDescription description(String url, Map<String, String> overrides) {
        DatabricksUrl tagged = Objects.requireNonNull(
                        DatabricksUrl.parse(new JdbcSource(url, null, null, new Properties())))
                .withQueryTags(Map.of("app", "orders"));
        DataSourceDescription plain = RecordingTelemetry.observed("pool", new DatabricksDriverAdapter(), overrides);
        return new DataSourceDescription(
                plain.host(),
                plain.target(),
                plain.details(),
                plain.local(),
                plain.context(),
                plain.adapter(),
                overrides,
                tagged.queryTags());
    }

    /** Opens a session of a bean and runs a statement. */
    private DataSourceStatus use(DataSource bean, DataSourceDescription description) throws Exception {
        contexts.resolve((name, source) -> description);
        try (AnnotationConfigApplicationContext context = contexts.with(DataSource.class, () -> bean)) {
            Contexts.query(context.getBean(DataSource.class));
            return contexts.status().get(0);
        }
    }

    private static boolean hasTags(WorkspaceStandIn workspace, String tags) {
        return workspace.driverRequests().stream()
                .anyMatch(request -> request.body().contains(tags));
    }

    @Test
    void areSetBelowAPool() throws Exception {
        try (WorkspaceStandIn workspace = WorkspaceStandIn.start();
                HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(workspace.jdbcUrl());
            DataSourceStatus status = use(pool, description(workspace.jdbcUrl(), SILENT));
            assertThat(hasTags(workspace, "app:orders")).isTrue();
            assertThat(status.driverTelemetry()).isEqualTo(DriverTelemetry.REPLACED);
            assertThat(status.reason()).isNull();
        }
    }

    @Test
    void giveWayToThoseOfTheUrl() throws Exception {
        try (WorkspaceStandIn workspace = WorkspaceStandIn.start();
                HikariDataSource pool = new HikariDataSource()) {
            String url = workspace.jdbcUrl() + ";query_tags=app:own,team:a";
            pool.setJdbcUrl(url);
            DataSourceStatus status = use(pool, description(url, Map.of()));
            assertThat(hasTags(workspace, "app:own,team:a")).isTrue();
            assertThat(hasTags(workspace, "app:orders")).isFalse();
            assertThat(status.driverTelemetry()).isEqualTo(DriverTelemetry.UNCHANGED);
        }
    }

    @Test
    void areSetInThePropertiesOfADataSourceThatDoesNotPool() throws Exception {
        try (WorkspaceStandIn workspace = WorkspaceStandIn.start()) {
            DataSourceStatus status =
                    use(new DriverManagerDataSource(workspace.jdbcUrl()), description(workspace.jdbcUrl(), SILENT));
            assertThat(hasTags(workspace, "app:orders")).isTrue();
            assertThat(status.reason()).isNull();
        }
    }

    @Test
    void areReportedAsUnsetWhereTheUrlBeatsTheProperties() throws Exception {
        try (WorkspaceStandIn workspace = WorkspaceStandIn.start()) {
            String url = workspace.jdbcUrl().replace("EnableTelemetry=0;", "") + ";query_tags=team:a";
            DataSourceStatus status = use(new DriverManagerDataSource(url), description(url, SILENT));
            assertThat(hasTags(workspace, "team:a")).isTrue();
            assertThat(hasTags(workspace, "app:orders")).isFalse();
            assertThat(status.driverTelemetry()).isEqualTo(DriverTelemetry.REPLACED);
            assertThat(status.reason()).isEqualTo("query tags cannot be set in its driver's properties");
        }
    }
}
