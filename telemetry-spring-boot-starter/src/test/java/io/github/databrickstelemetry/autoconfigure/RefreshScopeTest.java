package io.github.databrickstelemetry.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.export.TelemetryExporterFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.aop.scope.ScopedObject;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cloud.autoconfigure.RefreshAutoConfiguration;
import org.springframework.cloud.context.config.annotation.RefreshScope;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A data source in the refresh scope of Spring Cloud, which makes a new one while the old one may be in use. */
class RefreshScopeTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int QUERIES_EACH = 20;

    private final RecordingExporter service = new RecordingExporter();

    private final ApplicationContextRunner application = Contexts.enabled()
            .withBean(TelemetryExporterFactory.class, () -> service::create)
            .withConfiguration(AutoConfigurations.of(RefreshAutoConfiguration.class))
            .withUserConfiguration(Pools.class)
            .withPropertyValues(
                    "databricks.telemetry.feature-flag.enabled=false",
                    "databricks.telemetry.flush-interval=50ms",
                    "databricks.telemetry.data-sources.dataSource.host=adb-1.2.azuredatabricks.net");

    @Configuration(proxyBeanMethods = false)
    static class Pools {

        private final List<HikariDataSource> made = new CopyOnWriteArrayList<>();

        @Bean
        @RefreshScope
        HikariDataSource dataSource() {
            HikariDataSource pool = new HikariDataSource();
            pool.setJdbcUrl("jdbc:h2:mem:refreshed;DB_CLOSE_DELAY=-1");
            pool.setMaximumPoolSize(1);
            made.add(pool);
            return pool;
        }
    }

    private static void refresh(ApplicationContext context) {
        context.getBean(org.springframework.cloud.context.scope.refresh.RefreshScope.class)
                .refreshAll();
    }

    /**
     * Until it is over. A query that meets the end of its pool fails, and is reported all the same unless its session
     * had ended before.
     */
    private static void use(
            DataSource dataSource, AtomicInteger attempted, AtomicInteger executed, AtomicBoolean over) {
        while (!over.get()) {
            try (Connection connection = dataSource.getConnection();
                    Statement statement = connection.createStatement()) {
                attempted.incrementAndGet();
                statement.execute("select 1");
                executed.incrementAndGet();
            } catch (SQLException replaced) {
                // The next one comes from the new pool.
            }
        }
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void reportsEachSessionAndStatementOnceAcrossRefreshesUnderUse(CapturedOutput output) {
        application.run(context -> {
            Pools pools = context.getBean(Pools.class);
            DataSource dataSource = context.getBean(DataSource.class);
            assertThat(dataSource).isInstanceOf(ScopedObject.class);
            AtomicBoolean over = new AtomicBoolean();
            AtomicInteger attempted = new AtomicInteger();
            AtomicInteger executed = new AtomicInteger();
            Thread user = new Thread(() -> use(dataSource, attempted, executed, over), "user");
            user.start();
            for (int refreshed = 1; refreshed <= 2; refreshed++) {
                int before = executed.get();
                await().atMost(LONG).until(() -> executed.get() >= before + QUERIES_EACH);
                refresh(context);
            }
            int before = executed.get();
            await().atMost(LONG).until(() -> executed.get() >= before + QUERIES_EACH);
            over.set(true);
            user.join();

            // A pool that is closed aborts what is in use: for each refresh one query may outlive its session and
            // client.
            await().atMost(LONG).untilAsserted(() -> {
                List<OperationType> reported = service.operations();
                assertThat(Collections.frequency(reported, OperationType.EXECUTE_STATEMENT))
                        .isBetween(executed.get() - 2, attempted.get());
                assertThat(Collections.frequency(reported, OperationType.CREATE_SESSION))
                        .isEqualTo(3);
                assertThat(Collections.frequency(reported, OperationType.DELETE_SESSION))
                        .isEqualTo(2);
            });
            assertThat(attempted.get() - executed.get())
                    .as("at most one query for each refresh met the end of its pool")
                    .isBetween(0, 2);
            List<OperationType> operations = service.operations();
            assertThat(Collections.frequency(operations, OperationType.CREATE_SESSION))
                    .isEqualTo(pools.made.size())
                    .isEqualTo(3);
            assertThat(Collections.frequency(operations, OperationType.DELETE_SESSION))
                    .as("the two pools that were replaced")
                    .isEqualTo(2);
            assertThat(pools.made).extracting(HikariDataSource::isClosed).containsExactly(true, true, false);
            assertThat(context.getBean(TelemetryClientProvider.class).clients())
                    .as("one client for all of them")
                    .hasSize(1);
        });
        assertThat(Collections.frequency(service.operations(), OperationType.DELETE_SESSION))
                .isEqualTo(3);
        assertThat(output.toString().lines()).noneMatch(line -> line.contains(" WARN ") || line.contains(" ERROR "));
    }
}
