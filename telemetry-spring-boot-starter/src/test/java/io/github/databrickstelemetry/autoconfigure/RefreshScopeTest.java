package io.github.databrickstelemetry.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.databricks.client.jdbc.Driver;
import com.zaxxer.hikari.HikariDataSource;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.SessionMetric;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.export.internal.TelemetryExporterFactory;
import io.github.databrickstelemetry.standin.WorkspaceStandIn;
import java.io.IOException;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.aop.scope.ScopedObject;
import org.springframework.beans.factory.annotation.Value;
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
    private final WorkspaceStandIn workspace;

    RefreshScopeTest() throws IOException {
        workspace = WorkspaceStandIn.start();
    }

    @AfterEach
    void stop() {
        workspace.close();
    }

    private ApplicationContextRunner application() {
        return Contexts.enabled()
                .withBean(TelemetryExporterFactory.class, () -> service::create)
                .withConfiguration(AutoConfigurations.of(RefreshAutoConfiguration.class))
                .withUserConfiguration(Pools.class)
                .withPropertyValues(
                        "url=" + workspace.jdbcUrl(),
                        "databricks.telemetry.feature-flag.enabled=false",
                        "databricks.telemetry.flush-interval=50ms",
                        "databricks.telemetry.export.allow-http=true",
                        "databricks.telemetry.export.allow-private-hosts=true");
    }

    @Configuration(proxyBeanMethods = false)
    static class Pools {

        private final List<HikariDataSource> made = new CopyOnWriteArrayList<>();

        @Bean
        @RefreshScope
        HikariDataSource dataSource(@Value("${url}") String url) {
            HikariDataSource pool = new HikariDataSource();
            pool.setDriverClassName(Driver.class.getName());
            pool.setJdbcUrl(url);
            pool.setMaximumPoolSize(1);
            made.add(pool);
            return pool;
        }
    }

    private static void refresh(ApplicationContext context) {
        context.getBean(org.springframework.cloud.context.scope.refresh.RefreshScope.class)
                .refreshAll();
    }

    /** Until it is over. A query that meets the end of its pool fails, and is reported unless its session had ended. */
    private static void use(
            DataSource dataSource, AtomicInteger attempted, AtomicInteger executed, AtomicBoolean over) {
        while (!over.get()) {
            try (Connection connection = dataSource.getConnection();
                    Statement statement = connection.createStatement()) {
                attempted.incrementAndGet();
                statement.execute("SELECT 1");
                executed.incrementAndGet();
            } catch (SQLException | IllegalStateException replaced) {
                // The next one comes from the new pool. The driver lets its HTTP client's exception through.
            }
        }
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void reportsEachSessionAndStatementOnceAcrossRefreshesUnderUse(CapturedOutput output) {
        application().run(context -> {
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

            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(
                                    Collections.frequency(service.operations(), OperationType.EXECUTE_STATEMENT))
                            .isBetween(executed.get(), attempted.get()));
            assertThat(attempted.get() - executed.get())
                    .as("at most one query for each refresh met the end of its pool")
                    .isBetween(0, 2);
            assertThat(pools.made).extracting(HikariDataSource::isClosed).containsExactly(true, true, false);
            assertThat(context.getBean(TelemetryClientProvider.class).clients())
                    .as("one client for all of them")
                    .hasSize(1);
        });
        assertThat(sessions(OperationType.CREATE_SESSION)).hasSize(3).containsExactlyElementsOf(workspace.sessions());
        // HikariCP forgets a connection that is given back while its pool ends. No call closes that session; it is
        // reported as closed at the end of the context if the connection has not been collected by then.
        assertThat(sessions(OperationType.DELETE_SESSION))
                .doesNotHaveDuplicates()
                .isSubsetOf(workspace.sessions())
                .containsAll(workspace.sessions().stream()
                        .filter(session -> !workspace.isOpen(session))
                        .toList());
        assertThat(output.toString().lines()).noneMatch(line -> line.contains(" WARN ") || line.contains(" ERROR "));
    }

    private List<String> sessions(OperationType operation) {
        return service.metrics().stream()
                .filter(metric -> metric instanceof SessionMetric session && session.operation() == operation)
                .map(metric -> String.valueOf(metric.session().sessionId()))
                .toList();
    }
}
