package io.github.databrickstelemetry.jdbc.datasource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.databrickstelemetry.jdbc.H2;
import io.github.databrickstelemetry.jdbc.JdbcContract;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import oracle.ucp.jdbc.PoolDataSource;
import org.apache.commons.dbcp2.BasicDataSource;
import org.h2.Driver;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Pools, observed below and from outside. */
class PooledContractTest {

    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    abstract static class Pooled extends JdbcContract {

        private final AutoCloseable bare;
        private final AutoCloseable observed;

        <P extends DataSource & AutoCloseable> Pooled(PoolFactory<P> factory) throws SQLException {
            this(factory.create(H2.newDatabase()), factory.create(H2.newDatabase()));
        }

        private <P extends DataSource & AutoCloseable> Pooled(P bare, P observed) {
            super(bare, Instrumented.bean(observed, new RecordingTelemetry()), H2.SQL);
            this.bare = bare;
            this.observed = observed;
        }

        interface PoolFactory<P> {
            P create(String url) throws SQLException;
        }

        @AfterAll
        void closePools() throws Exception {
            bare.close();
            observed.close();
        }
    }

    private static HikariDataSource hikari(String url) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(url);
        pool.setMaximumPoolSize(2);
        return pool;
    }

    private static HikariDataSource startedHikari(String url) throws SQLException {
        HikariDataSource pool = hikari(url);
        pool.getConnection().close();
        return pool;
    }

    private static BasicDataSource dbcp(String url) {
        BasicDataSource pool = new BasicDataSource();
        pool.setUrl(url);
        return pool;
    }

    private static org.apache.tomcat.jdbc.pool.DataSource tomcat(String url) {
        org.apache.tomcat.jdbc.pool.DataSource pool = new org.apache.tomcat.jdbc.pool.DataSource();
        pool.setDriverClassName("org.h2.Driver");
        pool.setUrl(url);
        pool.setInitialSize(1);
        return pool;
    }

    @Nested
    class HikariFromBelow extends Pooled {
        HikariFromBelow() throws SQLException {
            super(PooledContractTest::hikari);
        }

        @Override
        protected Map<String, Scenario> more() {
            return Map.of("a result set's statement", (connection, trace) -> {
                try (Statement statement = connection.createStatement();
                        ResultSet resultSet = statement.executeQuery(H2.SQL.query())) {
                    trace.see("same", () -> resultSet.getStatement() == statement);
                }
            });
        }
    }

    @Nested
    class HikariThatHasStarted extends Pooled {
        HikariThatHasStarted() throws SQLException {
            super(PooledContractTest::startedHikari);
        }
    }

    @Nested
    class CommonsDbcp extends Pooled {
        CommonsDbcp() throws SQLException {
            super(PooledContractTest::dbcp);
        }
    }

    @Nested
    class TomcatJdbc extends Pooled {
        TomcatJdbc() throws SQLException {
            super(PooledContractTest::closeable);
        }

        /** Tomcat's connection throws a {@code NullPointerException}, ours answers. */
        @Override
        protected List<String> without() {
            return List.of("equalsNull");
        }
    }

    @Nested
    class OracleUcp extends Pooled {
        OracleUcp() throws SQLException {
            super(CloseableUcp::new);
        }

        /**
         * Every statement of Oracle's passes for a prepared one, and the connection that its metadata shows hashes as
         * the pool's does and is yet not equal to it; ours do neither.
         */
        @Override
        protected List<String> without() {
            return List.of("identities");
        }
    }

    /** Oracle's pool is closed through its manager. */
    static class CloseableUcp extends DelegatingDataSource implements AutoCloseable {

        private final PoolDataSource pool;

        CloseableUcp(String url) throws SQLException {
            super(Ucp.pool(Driver.class, url));
            pool = (PoolDataSource) obtainTargetDataSource();
        }

        @Override
        public void close() {
            Ucp.destroy(pool);
        }
    }

    private static CloseableTomcat closeable(String url) {
        return new CloseableTomcat(tomcat(url));
    }

    /** Tomcat's data source closes itself, but is not {@link AutoCloseable}. */
    static class CloseableTomcat extends org.apache.tomcat.jdbc.pool.DataSource implements AutoCloseable {
        CloseableTomcat(org.apache.tomcat.jdbc.pool.DataSource configured) {
            super(configured.getPoolProperties());
        }
    }
}
