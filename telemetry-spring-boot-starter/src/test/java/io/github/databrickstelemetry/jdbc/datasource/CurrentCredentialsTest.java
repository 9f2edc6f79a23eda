package io.github.databrickstelemetry.jdbc.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.jdbc.JdbcSource;
import io.github.databrickstelemetry.jdbc.databricks.CurrentCredentials;
import io.github.databrickstelemetry.workspace.CredentialSource;
import io.github.databrickstelemetry.workspace.internal.RequestedCredentials;
import io.github.databrickstelemetry.workspace.internal.WorkspaceChannel;
import io.github.databrickstelemetry.workspace.internal.WorkspaceHttp;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.commons.dbcp2.BasicDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Each request carries the credentials that the pool would connect with at that moment. */
class CurrentCredentialsTest {

    private static final String URL =
            "jdbc:databricks://workspace.example/default;AuthMech=3;httpPath=/sql/1.0/warehouses/a";

    private final Contexts contexts = new Contexts();
    private final AtomicReference<@Nullable JdbcSource> seen = new AtomicReference<>();

    private <D extends DataSource> AnnotationConfigApplicationContext context(Class<D> type, Supplier<D> pool) {
        contexts.resolve((beanName, source) -> {
            seen.set(source);
            return null;
        });
        return contexts.with(type, pool);
    }

    private CredentialSource credentials() {
        return Objects.requireNonNull(
                CurrentCredentials.of(Objects.requireNonNull(seen.get()), ClientSettings.DEFAULTS, own -> own));
    }

    private static HikariDataSource hikari(HikariDataSource pool) {
        pool.setJdbcUrl(URL);
        pool.setUsername("token");
        return pool;
    }

    @Test
    void followAPasswordThatIsSetByThePoolsMBean() {
        try (AnnotationConfigApplicationContext context = context(HikariDataSource.class, () -> {
            HikariDataSource pool = hikari(new HikariDataSource());
            pool.setPassword("dapi-old");
            return pool;
        })) {
            CredentialSource credentials = credentials();
            String identity = credentials.identity();
            assertThat(credentials.authorization()).isEqualTo("Bearer dapi-old");

            context.getBean(HikariDataSource.class).getHikariConfigMXBean().setPassword("dapi-new");

            assertThat(credentials.authorization()).isEqualTo("Bearer dapi-new");
            assertThat(credentials.identity())
                    .as("the principal stays the same")
                    .isEqualTo(identity);
            assertThat(credentials.toString()).doesNotContain("dapi");
        }
    }

    @Test
    void requestTheTokenOfAServicePrincipalOverTheChannelOfTheCaller() {
        try (AnnotationConfigApplicationContext context = context(HikariDataSource.class, () -> {
                    HikariDataSource pool = hikari(new HikariDataSource());
                    pool.setJdbcUrl(URL.replace("AuthMech=3", "AuthMech=11")
                            + ";Auth_Flow=1;OAuth2ClientId=id;OAuth2Secret=secret");
                    return pool;
                });
                WorkspaceHttp http = new WorkspaceHttp()) {
            WorkspaceChannel closed = http.open();
            closed.close();

            assertThatThrownBy(() -> ((RequestedCredentials) credentials()).authorization(closed))
                    .hasMessage("InterruptedIOException");
        }
    }

    /** Fetches its token by code, as people do for short-lived ones. */
    public static class Fetching extends HikariDataSource {

        private int fetched;

        @Override
        public Credentials getCredentials() {
            fetched++;
            return Credentials.of("token", "dapi-" + fetched);
        }
    }

    @Test
    void comeFromTheCodeThatThePoolAsks() {
        try (AnnotationConfigApplicationContext context =
                context(HikariDataSource.class, () -> hikari(new Fetching()))) {
            assertThat(((Fetching) context.getBean(HikariDataSource.class)).fetched)
                    .as("not asked at the start")
                    .isZero();
            CredentialSource credentials = credentials();
            assertThat(credentials.authorization()).isEqualTo("Bearer dapi-2");
            assertThat(credentials.authorization()).isEqualTo("Bearer dapi-3");
        }
    }

    @Test
    void followOtherDataSources() {
        try (AnnotationConfigApplicationContext context =
                context(DriverManagerDataSource.class, () -> new DriverManagerDataSource(URL, "token", "dapi-old"))) {
            CredentialSource credentials = credentials();
            context.getBean(DriverManagerDataSource.class).setPassword("dapi-new");
            assertThat(credentials.authorization()).isEqualTo("Bearer dapi-new");
        }
        try (AnnotationConfigApplicationContext context = context(BasicDataSource.class, () -> {
            BasicDataSource pool = new BasicDataSource();
            pool.setUrl(URL);
            pool.setUsername("token");
            pool.setPassword("dapi-old");
            return pool;
        })) {
            CredentialSource credentials = credentials();
            context.getBean(BasicDataSource.class).setPassword("dapi-new");
            assertThat(credentials.authorization()).isEqualTo("Bearer dapi-new");
        }
    }
}
