package io.github.databrickstelemetry.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.StatementMetric;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.client.TelemetryListener;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.TelemetryExporter;
import io.github.databrickstelemetry.export.internal.TelemetryExporterFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/** The whole starter over the real engine and a real pool; only the service is replaced. */
class StarterWithDataSourceTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final RecordingExporter service = new RecordingExporter();

    private final ApplicationContextRunner application = Contexts.enabled()
            .withBean(TelemetryExporterFactory.class, () -> service::create)
            .withConfiguration(
                    AutoConfigurations.of(DataSourceAutoConfiguration.class, JdbcTemplateAutoConfiguration.class))
            .withPropertyValues(
                    "spring.datasource.url=jdbc:h2:mem:starter",
                    "spring.datasource.hikari.maximum-pool-size=1",
                    "databricks.telemetry.feature-flag.enabled=false",
                    "databricks.telemetry.flush-interval=1h",
                    "databricks.telemetry.data-sources.dataSource.host=adb-1.2.azuredatabricks.net");

    @Test
    void reportsStatementsAndTheSessionsOfThePool() {
        application.run(context -> {
            context.getBean(JdbcTemplate.class).queryForObject("select 1", Integer.class);
            flush(context.getBean(TelemetryClientProvider.class));

            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(service.operations())
                            .containsExactly(OperationType.CREATE_SESSION, OperationType.EXECUTE_STATEMENT));
            assertThat(service.targets())
                    .singleElement()
                    .satisfies(target -> assertThat(target.host().key()).isEqualTo("adb-1.2.azuredatabricks.net:443"));
            assertThat(context.getBean(DataSource.class)).isInstanceOf(HikariDataSource.class);
        });
    }

    @Test
    void poolsCloseFirstSoThatTheLastFlushHasTheEndOfEverySession() {
        application.run(context -> context.getBean(JdbcTemplate.class).queryForObject("select 1", Integer.class));

        assertThat(service.operations())
                .containsExactly(
                        OperationType.CREATE_SESSION, OperationType.EXECUTE_STATEMENT, OperationType.DELETE_SESSION);
    }

    @Test
    void poolsCloseFirstAlsoIfTheEngineIsOlderThanThey() {
        application
                .withBean("first", EngineFirst.class)
                .run(context -> context.getBean(JdbcTemplate.class).queryForObject("select 1", Integer.class));

        assertThat(service.operations()).endsWith(OperationType.DELETE_SESSION);
    }

    /** Has the engine made before any data source. */
    static final class EngineFirst {
        EngineFirst(TelemetryClientProvider provider) {
            assertThat(provider.clients()).isEmpty();
        }
    }

    @Test
    void poolsCloseFirstAlsoIfTheApplicationHoldsBothInOneBean() {
        application
                .withUserConfiguration(HoldsBoth.class)
                .run(context -> context.getBean(JdbcTemplate.class).queryForObject("select 1", Integer.class));

        assertThat(service.operations()).endsWith(OperationType.DELETE_SESSION);
    }

    @Configuration(proxyBeanMethods = false)
    static class HoldsBoth {
        @Bean
        String holder(TelemetryClientProvider provider, DataSource dataSource) {
            return provider.toString() + dataSource;
        }
    }

    @Test
    void noThreadOfOursOutlivesTheContext() {
        // Contexts that other tests keep for each other have threads as well.
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        List<Thread> ours = new CopyOnWriteArrayList<>();
        application.run(context -> {
            context.getBean(JdbcTemplate.class).queryForObject("select 1", Integer.class);
            flush(context.getBean(TelemetryClientProvider.class));
            await().atMost(LONG).until(() -> !service.metrics().isEmpty());
            Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith("databricks-telemetry-") && !before.contains(thread))
                    .forEach(ours::add);
        });

        assertThat(ours).isNotEmpty().allMatch(Thread::isDaemon);
        await().atMost(LONG).untilAsserted(() -> assertThat(ours).noneMatch(Thread::isAlive));
    }

    @Test
    void isNotStartedByAnApplicationThatUsesNoDatabricks() {
        Contexts.enabled()
                .withConfiguration(
                        AutoConfigurations.of(DataSourceAutoConfiguration.class, JdbcTemplateAutoConfiguration.class))
                .withPropertyValues("spring.datasource.url=jdbc:h2:mem:plain")
                .run(context -> {
                    context.getBean(JdbcTemplate.class).queryForObject("select 1", Integer.class);

                    assertThat(context.getBean(TelemetryClientProvider.class).clients())
                            .isEmpty();
                });
    }

    @Test
    void leavesTheVerySameDataSourceWhileItIsOff() {
        DataSource own = h2();
        Contexts.untouched()
                .withBean("dataSource", DataSource.class, () -> own)
                .run(context -> assertThat(context.getBean(DataSource.class)).isSameAs(own));
    }

    @ParameterizedTest
    @CsvSource({"DATABRICKS_TELEMETRY_DISABLED, 1", "databricks.telemetry.enabled, false"})
    void whatIsSwitchedOffAtRunTimeIsOffAlthoughAheadOfTimeProcessingFoundItOn(String property, String value) {
        DataSource own = h2();
        Contexts.frozenThen(Map.of(property, value))
                .withBean("dataSource", DataSource.class, () -> own)
                .withPropertyValues(
                        "databricks.telemetry.hosts.prod.host=prod.example.com",
                        "databricks.telemetry.data-sources.dataSource.host=prod")
                .run(context -> {
                    assertThat(context).hasSingleBean(TelemetryClientProvider.class);
                    assertThat(context.getBean(DataSource.class)).isSameAs(own);
                    assertThat(context.getBean("prodTelemetryClient", TelemetryClient.class)
                                    .emitter()
                                    .isEnabled())
                            .isFalse();
                    assertThat(context.getBean(TelemetryClientProvider.class).clients())
                            .isEmpty();
                });
    }

    @Test
    void theApplicationsListenersSeeFinishedMetrics() {
        Watcher watcher = new Watcher();
        application.withBean(TelemetryListener.class, () -> watcher).run(context -> {
            context.getBean(JdbcTemplate.class).queryForObject("select 1", Integer.class);
            flush(context.getBean(TelemetryClientProvider.class));

            await().atMost(LONG).untilAsserted(() -> {
                assertThat(watcher.metrics).anyMatch(StatementMetric.class::isInstance);
                assertThat(watcher.exports).isNotEmpty();
            });
        });
    }

    private static final class Watcher implements TelemetryListener {
        private final List<TelemetryMetric> metrics = new CopyOnWriteArrayList<>();
        private final List<ExportResult> exports = new CopyOnWriteArrayList<>();

        @Override
        public void onMetric(String host, TelemetryMetric metric) {
            metrics.add(metric);
        }

        @Override
        public void onExport(String host, ExportResult result, long durationNanos) {
            exports.add(result);
        }
    }

    @Test
    void theApplicationsExportersGetWhatTheServiceGot() {
        RecordingExporter own = new RecordingExporter();
        application.withBean("own", TelemetryExporter.class, () -> own).run(context -> {
            context.getBean(JdbcTemplate.class).queryForObject("select 1", Integer.class);
            flush(context.getBean(TelemetryClientProvider.class));

            await().atMost(LONG)
                    .untilAsserted(
                            () -> assertThat(own.metrics()).hasSize(2).containsExactlyElementsOf(service.metrics()));
        });
    }

    @Test
    void aListenerThatNeedsTheDataSourceDoesNotTieAKnot() {
        application.withUserConfiguration(NeedsTheDataSource.class).run(context -> {
            assertThat(context).hasNotFailed();
            context.getBean(JdbcTemplate.class).queryForObject("select 1", Integer.class);
            flush(context.getBean(TelemetryClientProvider.class));

            await().atMost(LONG).until(() -> !service.metrics().isEmpty());
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class NeedsTheDataSource {
        @Bean
        TelemetryListener listener(DataSource dataSource) {
            return new Watcher();
        }

        @Bean
        TelemetryExporter additional(DataSource dataSource) {
            return new RecordingExporter();
        }

        @Bean
        TelemetryCredentials credentials(DataSource dataSource) {
            return (host, name) -> "token";
        }
    }

    @Test
    void theTokenOfCredentialsThatNeedTheDataSourceIsThereOnceTheApplicationHasStarted() {
        application.withUserConfiguration(NeedsTheDataSource.class).run(context -> {
            context.getBean(JdbcTemplate.class).queryForObject("select 1", Integer.class);
            flush(context.getBean(TelemetryClientProvider.class));

            await().atMost(LONG).until(() -> !service.targets().isEmpty());
            assertThat(service.targets().get(0).credentials().authorization()).isEqualTo("Bearer token");
        });
    }

    @Test
    void anApplicationsOwnDataSourceInATestConfigurationWorks() {
        application
                .withBean("dataSource", DataSource.class, StarterWithDataSourceTest::h2)
                .run(context -> {
                    try (Connection connection =
                                    context.getBean(DataSource.class).getConnection();
                            Statement statement = connection.createStatement()) {
                        assertThat(statement.execute("select 1")).isTrue();
                    }
                    flush(context.getBean(TelemetryClientProvider.class));

                    await().atMost(LONG)
                            .untilAsserted(
                                    () -> assertThat(service.operations()).contains(OperationType.EXECUTE_STATEMENT));
                });
    }

    @Test
    void aHostsClientIsTheOneOfTheDataSourcesThatReferToIt() throws SQLException {
        application
                .withPropertyValues(
                        "databricks.telemetry.hosts.prod.host=adb-1.2.azuredatabricks.net",
                        "databricks.telemetry.hosts.prod.token=t",
                        "databricks.telemetry.data-sources.dataSource.host=prod")
                .run(context -> {
                    TelemetryClient client = context.getBean("prodTelemetryClient", TelemetryClient.class);
                    client.emitter().connectionOpen("mine", ConnectionDetails.UNKNOWN, 1);
                    context.getBean(JdbcTemplate.class).queryForObject("select 1", Integer.class);
                    client.flush();

                    await().atMost(LONG)
                            .untilAsserted(() -> assertThat(service.operations())
                                    .containsExactlyInAnyOrder(
                                            OperationType.CREATE_SESSION,
                                            OperationType.CREATE_SESSION,
                                            OperationType.EXECUTE_STATEMENT));
                    assertThat(context.getBean(TelemetryClientProvider.class).clients())
                            .hasSize(1);
                });
    }

    private static void flush(TelemetryClientProvider provider) {
        provider.clients().forEach(TelemetryClient::flush);
    }

    private static DataSource h2() {
        JdbcDataSource dataSource = new JdbcDataSource();
        dataSource.setURL("jdbc:h2:mem:own");
        return dataSource;
    }
}
