package io.github.databrickstelemetry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** What becomes of the beans of every kind of pool, in a real application context. */
class PoolsTest {

    private static final String URL = "jdbc:h2:mem:pools";

    private final RecordingTelemetry telemetry = new RecordingTelemetry();

    @Test
    void instrumentsAPoolThatHasNotStartedBelowIt() throws SQLException {
        try (AnnotationConfigApplicationContext context = context(HikariDataSource.class, PoolsTest::hikari)) {
            HikariDataSource pool = context.getBean(HikariDataSource.class);
            assertThat(pool.getClass()).isEqualTo(HikariDataSource.class);
            assertThat(pool.getJdbcUrl()).isEqualTo(URL);
            query(pool);
            query(pool);
            assertThat(telemetry.lines()).containsExactly("open", "start QUERY", "complete", "start QUERY", "complete");
            assertThat(telemetry.references()).isEqualTo(1);
        }
        assertThat(telemetry.lines().get(5)).isEqualTo("close");
        assertThat(telemetry.references()).isZero();
        assertThat(telemetry.isClosed()).isTrue();
    }

    private static HikariDataSource hikari() {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(URL);
        pool.setMaximumPoolSize(1);
        return pool;
    }

    private static void query(DataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement("select 1");
                ResultSet resultSet = statement.executeQuery()) {
            assertThat(resultSet.next()).isTrue();
        }
    }

    private <T> AnnotationConfigApplicationContext context(Class<T> type, Supplier<T> supplier) {
        return context(context -> context.registerBean("pool", type, supplier));
    }

    private AnnotationConfigApplicationContext context(Consumer<AnnotationConfigApplicationContext> beans) {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.registerBean(
                DataSourceTelemetryPostProcessor.class,
                () -> new DataSourceTelemetryPostProcessor(
                        RecordingTelemetry::resolveAll,
                        context.getBeanProvider(TelemetryClientProvider.class)::getIfAvailable));
        context.registerBean("telemetryClientProvider", TelemetryClientProvider.class, () -> telemetry);
        beans.accept(context);
        context.refresh();
        return context;
    }
}
