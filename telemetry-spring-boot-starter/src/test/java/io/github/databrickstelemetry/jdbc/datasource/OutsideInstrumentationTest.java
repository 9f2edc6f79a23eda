package io.github.databrickstelemetry.jdbc.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.databrickstelemetry.jdbc.H2;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus.Instrumentation;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.h2.jdbc.JdbcConnection;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** What is asked of a data source that was wrapped from outside, and means the one behind. */
class OutsideInstrumentationTest {

    private final Contexts contexts = new Contexts();
    private final RecordingTelemetry telemetry = contexts.telemetry();
    private final String url = contexts.url();

    @Test
    void leavesItToTheDataSourceWhetherAConnectionIsClosed() {
        try (AnnotationConfigApplicationContext context =
                contexts.with(SingleConnectionDataSource.class, () -> new SingleConnectionDataSource(url, false))) {
            JdbcTemplate template = new JdbcTemplate(context.getBean(SingleConnectionDataSource.class));
            assertThat(template.queryForObject("select 1", Integer.class)).isEqualTo(1);
            assertThat(template.queryForObject("select 2", Integer.class)).isEqualTo(2);
            assertThat(telemetry.lines()).containsExactly("open", "start QUERY", "complete", "start QUERY", "complete");
        }
    }

    @Test
    void doesNotEndASessionThatIsKeptOpen() throws SQLException {
        try (AnnotationConfigApplicationContext context =
                contexts.with(SingleConnectionDataSource.class, () -> new SingleConnectionDataSource(url, true))) {
            DataSource dataSource = context.getBean(DataSource.class);
            Contexts.query(dataSource);
            Contexts.query(dataSource);
            assertThat(telemetry.lines()).containsExactly("open", "start QUERY", "complete", "start QUERY", "complete");
        }
        assertThat(telemetry.lines()).endsWith("close");
    }

    @Test
    void evictsAConnectionFromAPoolThatHasStarted() throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(1);
        try (AnnotationConfigApplicationContext context =
                contexts.with(HikariDataSource.class, () -> new HikariDataSource(config))) {
            HikariDataSource pool = context.getBean(HikariDataSource.class);
            try (Connection connection = pool.getConnection()) {
                Connection physical = connection.unwrap(JdbcConnection.class);
                pool.evictConnection(connection);
                await().until(physical::isClosed);
            }
        }
    }

    @Test
    void unwrapsToThePoolThoughThePoolDoesNot() throws SQLException {
        org.apache.tomcat.jdbc.pool.DataSource pool = new org.apache.tomcat.jdbc.pool.DataSource();
        pool.setUrl(url);
        try (AnnotationConfigApplicationContext context =
                contexts.with(org.apache.tomcat.jdbc.pool.DataSource.class, () -> pool)) {
            org.apache.tomcat.jdbc.pool.DataSource observed =
                    context.getBean(org.apache.tomcat.jdbc.pool.DataSource.class);
            assertThat(observed).isNotSameAs(pool);
            assertThat(observed.isWrapperFor(org.apache.tomcat.jdbc.pool.DataSource.class))
                    .isTrue();
            assertThat(observed.unwrap(org.apache.tomcat.jdbc.pool.DataSource.class))
                    .isSameAs(observed);
            assertThat(observed.isWrapperFor(HikariDataSource.class)).isFalse();
        }
    }

    @Test
    void unwrapsToTheDriversDataSourceThoughThatDoesNot() throws SQLException {
        com.databricks.client.jdbc.DataSource own = new com.databricks.client.jdbc.DataSource();
        own.setHost("workspace.example");
        try (AnnotationConfigApplicationContext context =
                contexts.with(com.databricks.client.jdbc.DataSource.class, () -> own)) {
            com.databricks.client.jdbc.DataSource observed =
                    context.getBean(com.databricks.client.jdbc.DataSource.class);
            assertThat(observed).isNotSameAs(own);
            assertThat(observed.isWrapperFor(com.databricks.client.jdbc.DataSource.class))
                    .isTrue();
            assertThat(observed.unwrap(com.databricks.client.jdbc.DataSource.class))
                    .isSameAs(observed);
        }
    }

    @Test
    void leavesAConnectionAloneWhoseClassIsPromised() throws SQLException {
        try (AnnotationConfigApplicationContext context =
                contexts.with(PromisingDataSource.class, () -> new PromisingDataSource(H2.dataSource(url)))) {
            try (JdbcConnection connection =
                    context.getBean(PromisingDataSource.class).getConnection()) {
                assertThat(connection.isClosed()).isFalse();
            }
            Contexts.query(context.getBean(DataSource.class));
            assertThat(telemetry.lines()).isEmpty();
            assertThat(contexts.status()).singleElement().satisfies(status -> {
                assertThat(status.instrumentation()).isEqualTo(Instrumentation.NONE);
                assertThat(status.reason()).contains("getConnection()");
            });
        }
    }
}
