package io.github.databrickstelemetry.jdbc.databricks;

import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.client.jdbc.Driver;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.jdbc.JdbcSource;
import io.github.databrickstelemetry.jdbc.datasource.Contexts;
import io.github.databrickstelemetry.jdbc.datasource.RecordingTelemetry;
import io.github.databrickstelemetry.standin.WorkspaceStandIn;
import io.github.databrickstelemetry.workspace.CredentialSource;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** What {@link HikariCp7Test} runs in a class loader that has HikariCP 7. Public because it is known by name only. */
public final class HikariCp7Application {

    private HikariCp7Application() {}

    /** A pool that gets its tokens from code, as people do for short-lived ones. */
    public static void takesTokensFromTheProvider() throws Exception {
        try (WorkspaceStandIn workspace = WorkspaceStandIn.start()) {
            AtomicReference<String> token = new AtomicReference<>(workspace.token());
            AtomicReference<@Nullable JdbcSource> seen = new AtomicReference<>();
            Contexts contexts = new Contexts();
            contexts.resolve((name, source) -> {
                seen.set(source);
                return RecordingTelemetry.observed(name, new DatabricksDriverAdapter(), DatabricksDriver.TELEMETRY_OFF);
            });
            RecordingTelemetry telemetry = contexts.telemetry();
            try (AnnotationConfigApplicationContext context =
                    contexts.with(HikariDataSource.class, () -> pool(workspace, token))) {
                HikariDataSource pool = context.getBean(HikariDataSource.class);
                assertThat(pool.getClass()).as("the bean keeps its class").isSameAs(HikariDataSource.class);

                try (Connection connection = pool.getConnection();
                        Statement statement = connection.createStatement();
                        ResultSet resultSet = statement.executeQuery("SELECT 1")) {
                    assertThat(resultSet.next()).isTrue();
                }
                assertThat(telemetry.lines()).hasSize(3).startsWith("open", "start QUERY");

                CredentialSource credentials = Objects.requireNonNull(CurrentCredentials.of(
                        Objects.requireNonNull(seen.get()), ClientSettings.DEFAULTS, UnaryOperator.identity()));
                assertThat(credentials.authorization()).isEqualTo("Bearer " + workspace.token());
                token.set("dapi-next");
                assertThat(credentials.authorization()).isEqualTo("Bearer dapi-next");
            }
            assertThat(telemetry.lines()).endsWith("close");
        }
    }

    private static HikariDataSource pool(WorkspaceStandIn workspace, AtomicReference<String> token) {
        HikariDataSource pool = new HikariDataSource();
        pool.setDriverClassName(Driver.class.getName());
        pool.setJdbcUrl(workspace.jdbcUrl().replaceAll("UID=[^;]*;PWD=[^;]*;", ""));
        pool.setMaximumPoolSize(1);
        try {
            // Compiled with a HikariCP that has no such method.
            Class<?> type = Class.forName("com.zaxxer.hikari.HikariCredentialsProvider");
            Method setter = HikariDataSource.class.getMethod("setCredentialsProvider", type);
            setter.invoke(
                    pool,
                    Proxy.newProxyInstance(
                            type.getClassLoader(),
                            new Class<?>[] {type},
                            (proxy, method, arguments) -> method.getName().equals("getCredentials")
                                    ? Credentials.of("token", token.get())
                                    : null));
        } catch (ReflectiveOperationException anotherVersion) {
            throw new LinkageError("another version of HikariCP", anotherVersion);
        }
        return pool;
    }
}
