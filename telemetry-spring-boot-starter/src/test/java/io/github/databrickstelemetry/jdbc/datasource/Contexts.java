package io.github.databrickstelemetry.jdbc.datasource;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.jdbc.H2;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** Application contexts with the post-processor in them, and a database for those data sources that need one. */
public final class Contexts {

    private final RecordingTelemetry telemetry = new RecordingTelemetry();
    private @Nullable String url;
    private DataSourceResolver resolver = RecordingTelemetry.resolveAll();
    private @Nullable DataSourceTelemetryPostProcessor postProcessor;

    /** The URL of the database. */
    String url() {
        String known = url;
        if (known == null) {
            try {
                known = H2.newDatabase();
            } catch (SQLException impossible) {
                throw new IllegalStateException(impossible);
            }
            url = known;
        }
        return known;
    }

    /** A pool of one connection to the database, which has not started. */
    HikariDataSource hikari() {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(url());
        pool.setMaximumPoolSize(1);
        return pool;
    }

    public RecordingTelemetry telemetry() {
        return telemetry;
    }

    public void resolve(DataSourceResolver with) {
        this.resolver = with;
    }

    public List<DataSourceStatus> status() {
        return postProcessor == null ? List.of() : postProcessor.status();
    }

    public <T> AnnotationConfigApplicationContext with(Class<T> type, Supplier<T> supplier) {
        return with(context -> context.registerBean("pool", type, supplier));
    }

    public AnnotationConfigApplicationContext with(Consumer<AnnotationConfigApplicationContext> beans) {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.registerBean(DataSourceTelemetryPostProcessor.class, () -> {
            DataSourceTelemetryPostProcessor made = new DataSourceTelemetryPostProcessor(
                    () -> resolver,
                    context.getBeanProvider(TelemetryClientProvider.class)::getIfAvailable,
                    Instrumented.guard());
            postProcessor = made;
            return made;
        });
        context.registerBean("telemetryClientProvider", TelemetryClientProvider.class, () -> telemetry);
        beans.accept(context);
        context.refresh();
        return context;
    }

    public static void query(DataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement("select 1");
                ResultSet resultSet = statement.executeQuery()) {
            assertThat(resultSet.next()).isTrue();
        }
    }

    /** The setting that a connection was opened with: it stands for one of a driver's. */
    static String mode(DataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "select setting_value from information_schema.settings where setting_name = 'MODE'");
                ResultSet resultSet = statement.executeQuery()) {
            assertThat(resultSet.next()).isTrue();
            return resultSet.getString(1);
        }
    }
}
