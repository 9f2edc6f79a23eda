package io.github.databrickstelemetry.slices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.databrickstelemetry.autoconfigure.RecordingExporter;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.export.internal.TelemetryExporterFactory;
import java.time.Duration;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.autoconfigure.OverrideAutoConfiguration;
import org.springframework.boot.test.autoconfigure.jdbc.AutoConfigureJdbc;
import org.springframework.boot.test.autoconfigure.jdbc.JdbcTest;
import org.springframework.boot.test.autoconfigure.orm.jpa.DataJpaTest;
import org.springframework.boot.test.autoconfigure.orm.jpa.TestEntityManager;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabase;
import org.springframework.test.context.TestPropertySource;

/** An application with telemetry on keeps its tests: with the slices as they are, and with telemetry imported. */
class SlicesTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    /** It is on the class path for another test; here Hibernate makes the tables. */
    private static final String FLYWAY_OFF = "spring.flyway.enabled=false";

    /** The application, whose properties switch telemetry on. */
    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Application {}

    @TestConfiguration(proxyBeanMethods = false)
    static class Service {
        @Bean
        RecordingExporter service() {
            return new RecordingExporter();
        }

        @Bean
        TelemetryExporterFactory exporters(RecordingExporter service) {
            return service::create;
        }
    }

    @Nested
    @JdbcTest
    @TestPropertySource(
            properties = {
                "databricks.telemetry.enabled=true",
                "databricks.telemetry.data-sources.dataSource.host=adb-1.2.azuredatabricks.net"
            })
    class AJdbcTest {

        @Autowired
        private JdbcTemplate jdbc;

        @Autowired
        private ObjectProvider<TelemetryClientProvider> telemetry;

        @Test
        void runsOnItsEmbeddedDatabaseWithoutTelemetry() {
            assertThat(jdbc.queryForObject("select 1", Integer.class)).isEqualTo(1);
            assertThat(jdbc.getDataSource()).isInstanceOf(EmbeddedDatabase.class);
            assertThat(telemetry.getIfAvailable()).isNull();
        }
    }

    @Nested
    @JdbcTest
    @Reporting
    class AJdbcTestThatImportsTelemetry {

        @Autowired
        private JdbcTemplate jdbc;

        @Autowired
        private TelemetryClientProvider telemetry;

        @Autowired
        private RecordingExporter service;

        @Test
        void reportsWhatItsEmbeddedDatabaseRuns() {
            assertThat(jdbc.queryForObject("select 1", Integer.class)).isEqualTo(1);
            awaitStatement(telemetry, service);
        }
    }

    @Nested
    @DataJpaTest(properties = FLYWAY_OFF)
    @TestPropertySource(properties = "databricks.telemetry.enabled=true")
    class ADataJpaTest {

        @Autowired
        private TestEntityManager entities;

        @Test
        void storesAndFinds() {
            assertStoresAndFinds(entities);
        }
    }

    @Nested
    @DataJpaTest(properties = FLYWAY_OFF)
    @Reporting
    class ADataJpaTestThatImportsTelemetry {

        @Autowired
        private TestEntityManager entities;

        @Autowired
        private TelemetryClientProvider telemetry;

        @Autowired
        private RecordingExporter service;

        @Test
        void storesAndFindsAndReports() {
            assertStoresAndFinds(entities);
            awaitStatement(telemetry, service);
        }
    }

    @Nested
    @SpringBootTest
    @OverrideAutoConfiguration(enabled = false)
    @AutoConfigureJdbc
    @Reporting
    @Import(ATestWithADataSourceOfItsOwn.Own.class)
    class ATestWithADataSourceOfItsOwn {

        @TestConfiguration(proxyBeanMethods = false)
        static class Own {
            @Bean
            @Primary
            DataSource dataSource() {
                JdbcDataSource dataSource = new JdbcDataSource();
                dataSource.setURL("jdbc:h2:mem:own-slice;DB_CLOSE_DELAY=-1");
                return dataSource;
            }
        }

        @Autowired
        private JdbcTemplate jdbc;

        @Autowired
        private TelemetryClientProvider telemetry;

        @Autowired
        private RecordingExporter service;

        @Test
        void reportsWhatItRuns() {
            assertThat(jdbc.queryForObject("select database()", String.class)).isEqualToIgnoringCase("own-slice");
            awaitStatement(telemetry, service);
        }
    }

    private static void assertStoresAndFinds(TestEntityManager entities) {
        Trip trip = entities.persistAndFlush(new Trip(2.5));
        entities.clear();
        assertThat(entities.find(Trip.class, trip.id))
                .isNotSameAs(trip)
                .satisfies(found -> assertThat(found.distance).isEqualTo(2.5));
    }

    private static void awaitStatement(TelemetryClientProvider telemetry, RecordingExporter service) {
        await().atMost(LONG).untilAsserted(() -> {
            telemetry.clients().forEach(TelemetryClient::flush);
            assertThat(service.operations()).contains(OperationType.EXECUTE_STATEMENT);
        });
    }
}
