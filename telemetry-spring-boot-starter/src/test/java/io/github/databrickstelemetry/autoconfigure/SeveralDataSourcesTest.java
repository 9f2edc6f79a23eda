package io.github.databrickstelemetry.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.StatementMetric;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.client.TelemetryListener;
import io.github.databrickstelemetry.export.internal.TelemetryExporterFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

/** Two pools behind a router, over the real engine; only the service is replaced. */
class SeveralDataSourcesTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String EAST = "adb-1.1.azuredatabricks.net";
    private static final String WEST = "adb-2.2.azuredatabricks.net";

    private final RecordingExporter service = new RecordingExporter();
    private final List<String> statements = new CopyOnWriteArrayList<>();

    private final ApplicationContextRunner application = Contexts.enabled()
            .withBean(TelemetryExporterFactory.class, () -> service::create)
            .withBean(TelemetryListener.class, () -> new TelemetryListener() {
                @Override
                public void onMetric(String host, TelemetryMetric metric) {
                    if (metric instanceof StatementMetric) {
                        statements.add(host);
                    }
                }
            })
            .withUserConfiguration(Pools.class)
            .withPropertyValues(
                    "databricks.telemetry.feature-flag.enabled=false",
                    "databricks.telemetry.flush-interval=1h",
                    "databricks.telemetry.data-sources.east.host=" + EAST);

    /** Where the next statement goes. */
    static final class Route {
        private volatile String key = "east";
    }

    @Configuration(proxyBeanMethods = false)
    static class Pools {

        @Bean
        Route route() {
            return new Route();
        }

        @Bean
        HikariDataSource east() {
            return pool("east");
        }

        @Bean
        HikariDataSource west() {
            return pool("west");
        }

        @Bean
        @Primary
        DataSource router(Route route, HikariDataSource east, HikariDataSource west) {
            AbstractRoutingDataSource router = new AbstractRoutingDataSource() {
                @Override
                protected Object determineCurrentLookupKey() {
                    return route.key;
                }
            };
            router.setTargetDataSources(Map.of("east", east, "west", west));
            return router;
        }

        private static HikariDataSource pool(String name) {
            HikariDataSource pool = new HikariDataSource();
            pool.setJdbcUrl("jdbc:h2:mem:" + name);
            pool.setMaximumPoolSize(1);
            return pool;
        }
    }

    @Test
    void reportsEachStatementForTheHostThatItWasRoutedTo() {
        application
                .withPropertyValues("databricks.telemetry.data-sources.west.host=" + WEST)
                .run(context -> {
                    JdbcTemplate jdbc = new JdbcTemplate(context.getBean(DataSource.class));
                    query(jdbc, 1);
                    context.getBean(Route.class).key = "west";
                    query(jdbc, 2);

                    await().atMost(LONG)
                            .untilAsserted(() -> assertThat(statements)
                                    .containsExactly(EAST + ":443", WEST + ":443", WEST + ":443"));
                    assertThat(clients(context.getBean(TelemetryClientProvider.class)))
                            .containsExactlyInAnyOrder(EAST + ":443", WEST + ":443");
                });
    }

    @Test
    void twoPoolsOfOneHostShareAClientForAsLongAsOneIsThere() {
        application
                .withPropertyValues("databricks.telemetry.data-sources.west.host=" + EAST)
                .run(context -> {
                    JdbcTemplate jdbc = new JdbcTemplate(context.getBean(DataSource.class));
                    TelemetryClientProvider provider = context.getBean(TelemetryClientProvider.class);
                    query(jdbc, 1);
                    context.getBean(Route.class).key = "west";
                    query(jdbc, 1);
                    assertThat(clients(provider)).containsExactly(EAST + ":443");

                    ((DefaultListableBeanFactory) context.getBeanFactory()).destroySingleton("east");
                    assertThat(clients(provider)).containsExactly(EAST + ":443");
                    query(jdbc, 1);

                    provider.clients().forEach(TelemetryClient::flush);
                    await().atMost(LONG)
                            .untilAsserted(() -> assertThat(statements).hasSize(3));
                    assertThat(provider.clients())
                            .singleElement()
                            .satisfies(client -> assertThat(
                                            client.statistics().events().dropped())
                                    .isEmpty());
                });
    }

    private static void query(JdbcTemplate jdbc, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(jdbc.queryForObject("select 1", Integer.class)).isEqualTo(1);
        }
    }

    private static List<String> clients(TelemetryClientProvider provider) {
        return provider.clients().stream().map(TelemetryClient::host).toList();
    }
}
