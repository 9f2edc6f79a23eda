package io.github.databrickstelemetry.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.databricks.client.jdbc.Driver;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.SessionMetric;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.export.internal.TelemetryExporterFactory;
import io.github.databrickstelemetry.standin.WorkspaceStandIn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.commons.dbcp2.BasicDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cloud.autoconfigure.ConfigurationPropertiesRebinderAutoConfiguration;
import org.springframework.cloud.autoconfigure.RefreshAutoConfiguration;
import org.springframework.cloud.context.refresh.ContextRefresher;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** Spring Cloud binds a pool's properties anew while it is in use. */
class RebindingTest {

    private final RecordingExporter service = new RecordingExporter();
    private final WorkspaceStandIn workspace = WorkspaceStandIn.start();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @AfterEach
    void stop() {
        workspace.close();
    }

    static Stream<Arguments> pools() {
        ToIntFunction<DataSource> tomcat = pool -> ((org.apache.tomcat.jdbc.pool.DataSource) pool).getMaxActive();
        ToIntFunction<DataSource> dbcp = pool -> ((BasicDataSource) pool).getMaxTotal();
        return Stream.of(
                Arguments.of(
                        org.apache.tomcat.jdbc.pool.DataSource.class, "spring.datasource.tomcat.max-active", tomcat),
                Arguments.of(BasicDataSource.class, "spring.datasource.dbcp2.max-total", dbcp));
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        DataSourceAutoConfiguration.class,
        RefreshAutoConfiguration.class,
        ConfigurationPropertiesRebinderAutoConfiguration.class,
        DatabricksTelemetryAutoConfiguration.class,
        DatabricksTelemetryJdbcAutoConfiguration.class
    })
    static class Wiring {}

    private ConfigurableApplicationContext application(Class<?> pool, Path properties) {
        return new SpringApplicationBuilder(Wiring.class)
                .initializers((GenericApplicationContext context) ->
                        context.registerBean(TelemetryExporterFactory.class, () -> service::create))
                .properties(
                        "spring.config.location=" + properties.toUri(),
                        "spring.datasource.url=" + workspace.jdbcUrl(),
                        "spring.datasource.driver-class-name=" + Driver.class.getName(),
                        "spring.datasource.type=" + pool.getName(),
                        "databricks.telemetry.enabled=true",
                        "databricks.telemetry.feature-flag.enabled=false",
                        "databricks.telemetry.export.allow-http=true",
                        "databricks.telemetry.export.allow-private-hosts=true")
                .run();
    }

    @ParameterizedTest
    @MethodSource("pools")
    void endsNoSession(Class<?> pool, String property, ToIntFunction<DataSource> size) throws IOException {
        Path properties = folder.resolve("application.properties");
        Files.writeString(properties, property + "=1");
        List<String> opened;
        try (ConfigurableApplicationContext context = application(pool, properties)) {
            DataSource dataSource = context.getBean(DataSource.class);
            JdbcTemplate jdbc = new JdbcTemplate(dataSource);
            jdbc.execute("SELECT 1");

            Files.writeString(properties, property + "=2");
            assertThat(context.getBean(ContextRefresher.class).refresh()).containsExactly(property);

            assertThat(size.applyAsInt(dataSource)).as("bound anew").isEqualTo(2);
            jdbc.execute("SELECT 2");
            context.getBean(TelemetryClientProvider.class).clients().get(0).flush();
            // Commons DBCP opens and closes one more connection at its start, which is never borrowed.
            opened = workspace.sessions().stream().filter(workspace::isOpen).toList();
            assertThat(opened).hasSize(1);
            await().untilAsserted(() ->
                    assertThat(sessions(OperationType.CREATE_SESSION)).isEqualTo(opened));
            assertThat(sessions(OperationType.DELETE_SESSION)).isEmpty();
        }
        assertThat(service.operations())
                .filteredOn(OperationType.EXECUTE_STATEMENT::equals)
                .hasSize(2);
        assertThat(sessions(OperationType.DELETE_SESSION)).isEqualTo(opened);
    }

    private List<String> sessions(OperationType operation) {
        return service.metrics().stream()
                .filter(metric -> metric instanceof SessionMetric session && session.operation() == operation)
                .map(metric -> String.valueOf(metric.session().sessionId()))
                .toList();
    }
}
