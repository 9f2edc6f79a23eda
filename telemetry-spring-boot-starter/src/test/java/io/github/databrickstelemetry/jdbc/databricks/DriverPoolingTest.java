package io.github.databrickstelemetry.jdbc.databricks;

import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.client.jdbc.DataSource;
import io.github.databrickstelemetry.event.TelemetryEvent.ConnectionClose;
import io.github.databrickstelemetry.event.TelemetryEvent.ConnectionOpen;
import io.github.databrickstelemetry.event.TelemetryEvent.StatementComplete;
import io.github.databrickstelemetry.jdbc.datasource.Contexts;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus;
import io.github.databrickstelemetry.jdbc.datasource.RecordingTelemetry;
import io.github.databrickstelemetry.standin.Protocol;
import io.github.databrickstelemetry.standin.WorkspaceStandIn;
import java.util.Objects;
import java.util.Properties;
import org.apache.commons.dbcp2.datasources.SharedPoolDataSource;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** A pool that is built on the driver's {@code ConnectionPoolDataSource}. */
class DriverPoolingTest {

    private final Contexts contexts = new Contexts();
    private final RecordingTelemetry telemetry = contexts.telemetry();

    @Test
    void reportsWithTheServersIdsAndSilencesTheDriver() throws Exception {
        try (WorkspaceStandIn workspace = WorkspaceStandIn.start()) {
            try (AnnotationConfigApplicationContext context = context(workspace)) {
                SharedPoolDataSource pool = context.getBean(SharedPoolDataSource.class);
                Contexts.query(pool);
                Contexts.query(pool);
                assertThat(contexts.status())
                        .filteredOn(status -> status.beanName().equals("driver"))
                        .extracting(DataSourceStatus::driverTelemetry)
                        .containsExactly(DataSourceStatus.DriverTelemetry.REPLACED);
            }
            // The pool opens and closes one without using it, to try the data source.
            assertThat(workspace.sessions()).hasSize(2);
            assertThat(telemetry.events(ConnectionOpen.class))
                    .singleElement()
                    .satisfies(open -> assertThat(open.session().sessionId())
                            .isEqualTo(workspace.sessions().get(1)));
            assertThat(telemetry.events(ConnectionClose.class)).hasSize(1);
            assertThat(telemetry.events(StatementComplete.class))
                    .extracting(complete -> Objects.requireNonNull(
                                    Objects.requireNonNull(complete.result()).read())
                            .statementId())
                    .containsExactlyElementsOf(workspace.statements().stream()
                            .map(statement -> statement.id())
                            .toList());
        }
    }

    private static DataSource driver(WorkspaceStandIn workspace) {
        String url = workspace.jdbcUrl(Protocol.SEA);
        DataSource driver = new DataSource();
        driver.setHost("127.0.0.1");
        driver.setPort(workspace.port());
        Properties properties = new Properties();
        for (String parameter : url.substring(url.indexOf(';') + 1).split(";", -1)) {
            String[] pair = parameter.split("=", 2);
            properties.setProperty(pair[0], pair[1]);
        }
        driver.setHttpPath(properties.getProperty("httpPath"));
        driver.setProperties(properties);
        return driver;
    }

    private AnnotationConfigApplicationContext context(WorkspaceStandIn workspace) {
        contexts.resolve((beanName, source) -> source.url() == null
                ? null
                : RecordingTelemetry.observed(beanName, new DatabricksDriverAdapter(), DatabricksDriver.TELEMETRY_OFF));
        return contexts.with(context -> {
            context.registerBean("driver", DataSource.class, () -> driver(workspace));
            context.registerBean("pool", SharedPoolDataSource.class, () -> {
                SharedPoolDataSource pool = new SharedPoolDataSource();
                pool.setConnectionPoolDataSource(context.getBean(DataSource.class));
                pool.setMaxTotal(1);
                return pool;
            });
        });
    }
}
