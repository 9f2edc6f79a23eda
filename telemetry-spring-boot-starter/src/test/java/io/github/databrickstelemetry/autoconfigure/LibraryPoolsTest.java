package io.github.databrickstelemetry.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.jdbc.H2;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceTelemetryPostProcessor;
import io.github.databrickstelemetry.jdbc.datasource.Instrumented;
import io.github.databrickstelemetry.jdbc.datasource.RecordingTelemetry;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.AvailableSettings;
import org.hibernate.cfg.Configuration;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Data sources that libraries use and that are no beans: with the code that the documentation shows. */
class LibraryPoolsTest {

    private final RecordingTelemetry telemetry = new RecordingTelemetry();
    private final DataSourceTelemetryPostProcessor instrumentation = new DataSourceTelemetryPostProcessor(
            () -> RecordingTelemetry.resolveAll(), () -> telemetry, Instrumented.guard());
    private final DocumentedExamples documented = new DocumentedExamples();

    @Test
    void instrumentsTheTenantsOfHibernate() throws Exception {
        Map<String, DataSource> pools = Map.of(
                "a", new DriverManagerDataSource(H2.newDatabase()), "b", new DriverManagerDataSource(H2.newDatabase()));
        Configuration hibernate = new Configuration();
        hibernate
                .getProperties()
                .put(
                        AvailableSettings.MULTI_TENANT_CONNECTION_PROVIDER,
                        new DocumentedExamples.Tenants(instrumentation, pools));
        try (SessionFactory sessions = hibernate.buildSessionFactory()) {
            telemetry.clear();
            for (String tenant : pools.keySet()) {
                try (Session session =
                        sessions.withOptions().tenantIdentifier((Object) tenant).openSession()) {
                    assertThat(session.createNativeQuery("select 1", Integer.class)
                                    .getSingleResult())
                            .isEqualTo(1);
                }
            }
        }

        assertThat(telemetry.lines()).filteredOn("complete"::equals).hasSize(2);
        assertThat(instrumentation.status())
                .extracting(DataSourceStatus::beanName)
                .contains("tenant-a", "tenant-b");
    }

    @Test
    void instrumentsTheDataSourceOfFlywaysOwnUser() throws Exception {
        FluentConfiguration flyway = Flyway.configure().dataSource(H2.newDatabase(), "", "");
        documented.flywayTelemetry(instrumentation).customize(flyway);

        flyway.load().info();

        assertThat(telemetry.lines()).contains("open", "complete");
    }
}
