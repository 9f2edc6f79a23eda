package io.github.databrickstelemetry.jdbc.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.databrickstelemetry.jdbc.DriverAdapter;
import io.github.databrickstelemetry.jdbc.H2;
import io.github.databrickstelemetry.jdbc.JdbcSource;
import io.github.databrickstelemetry.jdbc.OpaqueConnection;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus.DriverTelemetry;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus.Instrumentation;
import io.github.databrickstelemetry.jdbc.delegate.ForwardingDataSource;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import javax.sql.XADataSource;
import org.apache.commons.dbcp2.BasicDataSource;
import org.h2.Driver;
import org.h2.jdbc.JdbcConnection;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.jdbc.metadata.HikariDataSourcePoolMetadata;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.test.util.ReflectionTestUtils;

/** What becomes of the beans of every kind of pool, in a real application context. */
class PoolsTest {

    private final Contexts contexts = new Contexts();
    private final RecordingTelemetry telemetry = contexts.telemetry();
    private final String url = contexts.url();

    @Test
    void instrumentsAHikariPoolBelowIt() throws SQLException {
        try (AnnotationConfigApplicationContext context = contexts.with(HikariDataSource.class, contexts::hikari)) {
            HikariDataSource pool = context.getBean(HikariDataSource.class);
            assertThat(pool.getClass()).isEqualTo(HikariDataSource.class);
            assertThat(pool.getJdbcUrl()).isEqualTo(url);
            assertThat(telemetry.references())
                    .as("none before the first connection")
                    .isZero();
            Contexts.query(pool);
            Contexts.query(pool);
            assertThat(telemetry.lines()).containsExactly("open", "start QUERY", "complete", "start QUERY", "complete");
            assertThat(telemetry.references()).isEqualTo(1);
            assertThat(contexts.status())
                    .containsExactly(new DataSourceStatus(
                            "pool",
                            "workspace.example:443",
                            Instrumentation.BELOW_POOL,
                            DriverTelemetry.UNCHANGED,
                            null));
        }
        assertThat(telemetry.lines()).as("reported before the provider closes").endsWith("close");
        assertThat(telemetry.references()).isZero();
        assertThat(telemetry.isClosed()).isTrue();
    }

    @Test
    void writesDriverSettingsBelowThePoolOnly() throws SQLException {
        contexts.resolve(RecordingTelemetry.resolveAll(DriverAdapter.NONE, Map.of("MODE", "MySQL")));
        try (AnnotationConfigApplicationContext context = contexts.with(HikariDataSource.class, () -> {
            HikariDataSource pool = contexts.hikari();
            pool.setJdbcUrl(url + ";mode=Oracle");
            return pool;
        })) {
            HikariDataSource pool = context.getBean(HikariDataSource.class);
            assertThat(pool.getJdbcUrl()).isEqualTo(url + ";mode=Oracle");
            assertThat(Contexts.mode(pool)).isEqualTo("MySQL");
            assertThat(contexts.status())
                    .extracting(DataSourceStatus::driverTelemetry)
                    .containsExactly(DriverTelemetry.REPLACED);
        }
    }

    @Test
    void takesOverADataSourceClass() throws SQLException {
        List<JdbcSource> seen = new ArrayList<>();
        contexts.resolve((beanName, source) -> {
            seen.add(source);
            return RecordingTelemetry.observed(beanName, DriverAdapter.NONE, Map.of());
        });
        try (AnnotationConfigApplicationContext context = contexts.with(HikariDataSource.class, () -> {
            HikariDataSource pool = new HikariDataSource();
            pool.setDataSourceClassName(JdbcDataSource.class.getName());
            pool.addDataSourceProperty("url", url);
            pool.setMaximumPoolSize(1);
            return pool;
        })) {
            HikariDataSource pool = context.getBean(HikariDataSource.class);
            Contexts.query(pool);
            assertThat(seen).extracting(JdbcSource::url).containsExactly(url);
            assertThat(pool.getDataSourceProperties()).containsEntry("url", url);
            assertThat(pool.unwrap(JdbcDataSource.class)).isNotNull();
            assertThat(telemetry.lines()).startsWith("open");
        }
    }

    @Test
    void wrapsTheDataSourceThatAPoolWasGiven() throws SQLException {
        contexts.resolve(RecordingTelemetry.resolveAll(DriverAdapter.NONE, Map.of("MODE", "MySQL")));
        try (AnnotationConfigApplicationContext context = contexts.with(HikariDataSource.class, () -> {
            HikariDataSource pool = new HikariDataSource();
            pool.setDataSource(H2.dataSource(url));
            return pool;
        })) {
            Contexts.query(context.getBean(HikariDataSource.class));
            assertThat(telemetry.lines()).startsWith("open");
            assertThat(contexts.status())
                    .extracting(DataSourceStatus::driverTelemetry)
                    .containsExactly(DriverTelemetry.LEFT);
        }
    }

    @Test
    void connectsWithWhatThePoolSaysWhenItStarts() throws SQLException {
        String later = H2.newDatabase();
        try (Connection connection = H2.dataSource(later).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create table later(x int)");
        }
        try (AnnotationConfigApplicationContext context = contexts.with(HikariDataSource.class, contexts::hikari)) {
            HikariDataSource pool = context.getBean(HikariDataSource.class);
            pool.setJdbcUrl(later);
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                assertThat(statement.executeQuery("select * from later").next()).isFalse();
            }
            assertThat(telemetry.lines()).startsWith("open");
        }
    }

    @Test
    void connectsWithACorrectedUrlAfterAStartThatFailed() throws Exception {
        int closedPort;
        try (ServerSocket closed = new ServerSocket(0)) {
            closedPort = closed.getLocalPort();
        }
        try (AnnotationConfigApplicationContext context = contexts.with(HikariDataSource.class, () -> {
            HikariDataSource pool = contexts.hikari();
            pool.setJdbcUrl("jdbc:h2:tcp://localhost:" + closedPort + "/mem:none");
            return pool;
        })) {
            HikariDataSource pool = context.getBean(HikariDataSource.class);
            assertThatThrownBy(pool::getConnection).hasMessageContaining("Connection is broken");
            pool.setJdbcUrl(url);
            Contexts.query(pool);
            assertThat(telemetry.lines()).endsWith("open", "start QUERY", "complete");
        }
    }

    @Test
    void honoursTheLoginTimeout() throws SQLException {
        try (AnnotationConfigApplicationContext context = contexts.with(HikariDataSource.class, () -> {
            HikariDataSource pool = new HikariDataSource();
            pool.setDataSourceClassName(JdbcDataSource.class.getName());
            pool.addDataSourceProperty("url", url);
            pool.setConnectionTimeout(7_000);
            return pool;
        })) {
            HikariDataSource pool = context.getBean(HikariDataSource.class);
            Contexts.query(pool);
            assertThat(pool.getLoginTimeout()).isEqualTo(7);
            assertThat(pool.unwrap(JdbcDataSource.class).getLoginTimeout()).isEqualTo(7);
        }
    }

    @Test
    void asksForTheDriverWithTheFirstConnection() throws SQLException {
        try (AnnotationConfigApplicationContext context = contexts.with(HikariDataSource.class, () -> {
            HikariDataSource pool = contexts.hikari();
            pool.setDriverClassName(AskedDriver.class.getName());
            return pool;
        })) {
            assertThat(AskedDriver.QUESTIONS)
                    .as("the start does not wait for it")
                    .hasValue(0);
            Contexts.query(context.getBean(HikariDataSource.class));
            assertThat(AskedDriver.QUESTIONS).hasPositiveValue();
            assertThat(telemetry.lines()).startsWith("open");
        }
    }

    /** Counts what a pool asks to find out whether it can use it. */
    public static final class AskedDriver extends Driver {

        static final AtomicInteger QUESTIONS = new AtomicInteger();

        @Override
        public boolean acceptsURL(String url) throws SQLException {
            QUESTIONS.incrementAndGet();
            return super.acceptsURL(url);
        }
    }

    @Test
    void leavesAPoolWithoutADriverAsItIs() {
        try (AnnotationConfigApplicationContext context = contexts.with(HikariDataSource.class, () -> {
            HikariDataSource pool = new HikariDataSource();
            pool.setJdbcUrl("jdbc:nothing:here");
            return pool;
        })) {
            HikariDataSource pool = context.getBean(HikariDataSource.class);
            assertThat(pool.getDataSource()).isNull();
            assertThatThrownBy(pool::getConnection)
                    .isInstanceOf(RuntimeException.class)
                    .hasMessageContaining("Failed to get driver instance");
        }
    }

    @Test
    void replacesAPoolThatHasStarted() throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(3);
        config.setMinimumIdle(1);
        config.setPoolName("started");
        HikariDataSource started = new HikariDataSource(config);
        try (AnnotationConfigApplicationContext context = contexts.with(HikariDataSource.class, () -> started)) {
            HikariDataSource pool = context.getBean(HikariDataSource.class);
            assertThat(pool).isNotSameAs(started).isInstanceOf(InstrumentedDataSource.class);
            assertThat(pool.getPoolName()).isEqualTo("started");
            assertThat(pool.getJdbcUrl()).isEqualTo(url);
            assertThat(pool.getMaximumPoolSize()).isEqualTo(3);
            assertThat(pool.isRunning()).isTrue();
            assertThat(pool.getHikariPoolMXBean()).isSameAs(started.getHikariPoolMXBean());
            assertThat(new HikariDataSourcePoolMetadata(pool).getMax()).isEqualTo(3);
            try (Connection connection = pool.getConnection()) {
                assertThat(connection.isValid(1)).isTrue();
                assertThat(new HikariDataSourcePoolMetadata(pool).getActive()).isEqualTo(1);
            }
            assertThatThrownBy(() -> pool.setJdbcUrl("x")).isInstanceOf(IllegalStateException.class);
            pool.setMaximumPoolSize(4);
            assertThat(started.getMaximumPoolSize()).isEqualTo(4);
            Contexts.query(pool);
            assertThat(telemetry.lines()).startsWith("open").contains("start QUERY", "complete");
        }
        assertThat(started.isClosed()).isTrue();
        assertThat(telemetry.lines()).contains("close");
        assertThat(telemetry.references()).isZero();
    }

    /** Has a field of its own with the name of its superclass's. */
    static class OwnPool extends HikariDataSource {

        @SuppressWarnings({"unused", "UnusedVariable", "HidingField"})
        private final String pool = "own";

        OwnPool(HikariConfig config) {
            super(config);
        }
    }

    @Test
    void keepsThePoolForItsMetricsWhateverFieldsItsSubclassHas() throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        try (AnnotationConfigApplicationContext context = contexts.with(OwnPool.class, () -> new OwnPool(config))) {
            OwnPool pool = context.getBean(OwnPool.class);
            assertThat(pool.isWrapperFor(InstrumentedDataSource.class)).isTrue();
            assertThat(ReflectionTestUtils.getField(pool, HikariDataSource.class, "pool"))
                    .isNotNull()
                    .isSameAs(pool.getHikariPoolMXBean());
        }
    }

    @Test
    void wrapsTomcatsPoolAndKeepsItsType() throws SQLException {
        try (AnnotationConfigApplicationContext context =
                contexts.with(org.apache.tomcat.jdbc.pool.DataSource.class, () -> {
                    org.apache.tomcat.jdbc.pool.DataSource pool = new org.apache.tomcat.jdbc.pool.DataSource();
                    pool.setUrl(url);
                    pool.setDriverClassName(Driver.class.getName());
                    pool.setMaxActive(1);
                    pool.setInitialSize(1);
                    return pool;
                })) {
            org.apache.tomcat.jdbc.pool.DataSource pool = context.getBean(org.apache.tomcat.jdbc.pool.DataSource.class);
            Contexts.query(pool);
            Contexts.query(pool);
            assertThat(pool.getPool().getSize()).isEqualTo(1);
            assertThat(telemetry.lines()).containsExactly("open", "start QUERY", "complete", "start QUERY", "complete");
        }
        assertThat(telemetry.lines()).endsWith("close");
        assertThat(telemetry.references()).isZero();
    }

    @Test
    void wrapsCommonsDbcpAndKeepsItsType() throws SQLException {
        try (AnnotationConfigApplicationContext context = contexts.with(BasicDataSource.class, () -> {
            BasicDataSource pool = new BasicDataSource();
            pool.setUrl(url);
            pool.setMaxTotal(1);
            return pool;
        })) {
            BasicDataSource pool = context.getBean(BasicDataSource.class);
            Contexts.query(pool);
            Contexts.query(pool);
            assertThat(pool.getNumIdle()).isEqualTo(1);
            assertThat(telemetry.lines()).containsExactly("open", "start QUERY", "complete", "start QUERY", "complete");
        }
        assertThat(telemetry.lines()).endsWith("close");
    }

    @Test
    void endsASessionWhenThePoolClosesItsConnection() throws SQLException {
        BasicDataSource pool = new BasicDataSource();
        pool.setUrl(url);
        pool.setMaxTotal(2);
        pool.setMaxIdle(1);
        try (AnnotationConfigApplicationContext context = contexts.with(BasicDataSource.class, () -> pool)) {
            DataSource observed = context.getBean(DataSource.class);
            Connection first = observed.getConnection();
            Connection second = observed.getConnection();
            first.close();
            assertThat(telemetry.lines()).containsExactly("open", "open");
            second.close();
            assertThat(telemetry.lines()).containsExactly("open", "open", "close");
        }
    }

    @Test
    void recognisesASessionBehindAPoolThatHidesIt() throws SQLException {
        useTwice(new DriverAdapter() {
            @Override
            public Connection physical(Connection pooled) throws SQLException {
                return pooled.unwrap(JdbcConnection.class);
            }
        });
        assertThat(telemetry.lines())
                .containsExactly("open", "start QUERY", "complete", "start QUERY", "complete", "close");
    }

    @Test
    void takesTheBorrowForTheSessionWhenTheAdapterCannotTell() throws SQLException {
        useTwice(DriverAdapter.NONE);
        assertThat(telemetry.lines()).filteredOn("open"::equals).hasSize(2);
    }

    @Test
    void takesTheBorrowForTheSessionWhenTheAdapterFails() throws SQLException {
        useTwice(new DriverAdapter() {
            @Override
            public Connection physical(Connection pooled) {
                throw new IllegalStateException("another version");
            }
        });
        assertThat(telemetry.lines()).filteredOn("open"::equals).hasSize(2);
    }

    private void useTwice(DriverAdapter adapter) throws SQLException {
        contexts.resolve(RecordingTelemetry.resolveAll(adapter, Map.of()));
        try (Connection physical = H2.dataSource(url).getConnection();
                AnnotationConfigApplicationContext context =
                        contexts.with(DataSource.class, () -> new OpaquePool(physical))) {
            Contexts.query(context.getBean(DataSource.class));
            Contexts.query(context.getBean(DataSource.class));
        }
    }

    @Test
    void takesEveryConnectionOfAnUnpooledDataSourceForASession() throws SQLException {
        try (AnnotationConfigApplicationContext context =
                contexts.with(DriverManagerDataSource.class, () -> new DriverManagerDataSource(url))) {
            DataSource dataSource = context.getBean(DriverManagerDataSource.class);
            Contexts.query(dataSource);
            Contexts.query(dataSource);
        }
        try (AnnotationConfigApplicationContext context =
                contexts.with(SimpleDriverDataSource.class, () -> new SimpleDriverDataSource(new Driver(), url))) {
            Contexts.query(context.getBean(SimpleDriverDataSource.class));
        }
        assertThat(telemetry.lines().subList(0, 8))
                .containsExactly(
                        "open", "start QUERY", "complete", "close", "open", "start QUERY", "complete", "close");
    }

    @Test
    void wrapsTheDriversOwnDataSource() throws SQLException {
        try (AnnotationConfigApplicationContext context =
                contexts.with(XADataSource.class, () -> (JdbcDataSource) H2.dataSource(url))) {
            DataSource dataSource = (DataSource) context.getBean(XADataSource.class);
            Contexts.query(dataSource);
            assertThat(dataSource.isWrapperFor(InstrumentedDataSource.class)).isTrue();
            assertThat(dataSource.unwrap(JdbcDataSource.class)).isNotNull();
            assertThat(telemetry.lines()).containsExactly("open", "start QUERY", "complete", "close");
        }
    }

    /** One connection for all callers, each time behind another object. */
    static final class OpaquePool extends ForwardingDataSource {

        private final Connection physical;

        OpaquePool(Connection physical) {
            this.physical = physical;
        }

        @Override
        protected DataSource target() {
            throw new UnsupportedOperationException("there is no other data source");
        }

        @Override
        public Connection getConnection() {
            return OpaqueConnection.around(physical);
        }

        @Override
        public boolean isWrapperFor(Class<?> iface) {
            return false;
        }
    }

    /** A pool that nobody can subclass. */
    static final class FinalPool extends ForwardingDataSource {

        private final DataSource target;

        FinalPool(DataSource target) {
            this.target = target;
        }

        @Override
        protected DataSource target() {
            return target;
        }
    }

    /** A pool that can be subclassed, but not to any purpose. */
    public static class PoolWithAFinalMethod extends DriverManagerDataSource {

        /** Reads a field, which a proxy does not have. */
        public final String shown() {
            String shown = getUrl();
            return shown == null ? "nothing" : shown;
        }
    }

    @Test
    void wrapsAClassThatCannotBeSubclassedAsAPlainDataSource() throws SQLException {
        try (AnnotationConfigApplicationContext context = contexts.with(beans -> {
            beans.registerBean("final", DataSource.class, () -> new FinalPool(H2.dataSource(url)));
            beans.registerBean("method", DataSource.class, () -> {
                PoolWithAFinalMethod pool = new PoolWithAFinalMethod();
                pool.setUrl(url);
                return pool;
            });
        })) {
            DataSource first = context.getBean("final", DataSource.class);
            DataSource second = context.getBean("method", DataSource.class);
            Contexts.query(first);
            Contexts.query(second);
            assertThat(first.unwrap(FinalPool.class)).isNotNull();
            assertThat(second.unwrap(PoolWithAFinalMethod.class).shown()).isEqualTo(url);
            assertThat(telemetry.lines())
                    .containsExactly(
                            "open", "start QUERY", "complete", "close", "open", "start QUERY", "complete", "close");
        }
    }

    @Test
    void takesNoClientBeforeTheFirstConnection() {
        try (AnnotationConfigApplicationContext context =
                contexts.with(DriverManagerDataSource.class, () -> new DriverManagerDataSource("jdbc:nothing:here"))) {
            DataSource dataSource = context.getBean(DataSource.class);
            assertThatThrownBy(dataSource::getConnection)
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("No suitable driver");
            assertThat(telemetry.acquired()).isZero();
        }
    }

    @Test
    void returnsTheVerySameObjectWhenNothingIsToBeObserved() {
        contexts.resolve((beanName, source) -> null);
        HikariDataSource hikari = contexts.hikari();
        DataSource simple = new DriverManagerDataSource(url);
        try (AnnotationConfigApplicationContext context = contexts.with(beans -> {
            beans.registerBean("hikari", DataSource.class, () -> hikari);
            beans.registerBean("simple", DataSource.class, () -> simple);
        })) {
            assertThat(context.getBean("hikari")).isSameAs(hikari);
            assertThat(hikari.getDataSource()).isNull();
            assertThat(context.getBean("simple")).isSameAs(simple);
            assertThat(contexts.status()).isEmpty();
        }
        assertThat(telemetry.acquired()).isZero();
    }

    @Test
    void listsWhatIsNotObservedOnlyWhereThereIsAReason() {
        contexts.resolve(new DataSourceResolver() {
            @Override
            public @Nullable DataSourceDescription resolve(String beanName, JdbcSource source) {
                return null;
            }

            @Override
            public @Nullable String reasonAgainst(String beanName, JdbcSource source) {
                return beanName.equals("off") ? "switched off" : null;
            }
        });
        try (AnnotationConfigApplicationContext context = contexts.with(beans -> {
            beans.registerBean("off", DataSource.class, contexts::hikari);
            beans.registerBean("other", DataSource.class, contexts::hikari);
        })) {
            assertThat(context.getBeansOfType(DataSource.class)).hasSize(2);
            assertThat(contexts.status())
                    .containsExactly(new DataSourceStatus(
                            "off", null, Instrumentation.NONE, DriverTelemetry.UNCHANGED, "switched off"));
        }
    }

    @Test
    void showsTheResolverHowADataSourceConnects() {
        contexts.resolve((beanName, source) -> {
            assertThat(source.url()).isEqualTo(url);
            assertThat(source.user()).isEqualTo("sa");
            assertThat(source.password()).isEqualTo("secret");
            assertThat(source.toString()).doesNotContain("secret", "jdbc");
            return RecordingTelemetry.observed(beanName, DriverAdapter.NONE, Map.of());
        });
        try (AnnotationConfigApplicationContext context = contexts.with(beans -> {
            beans.registerBean("simple", DataSource.class, () -> new DriverManagerDataSource(url, "sa", "secret"));
            beans.registerBean("hikari", DataSource.class, () -> {
                HikariDataSource pool = contexts.hikari();
                pool.setUsername("sa");
                pool.setPassword("secret");
                return pool;
            });
            beans.registerBean("dbcp", DataSource.class, () -> {
                BasicDataSource pool = new BasicDataSource();
                pool.setUrl(url);
                pool.setUsername("sa");
                pool.setPassword("secret");
                return pool;
            });
            beans.registerBean("driver", DataSource.class, () -> {
                JdbcDataSource dataSource = new JdbcDataSource();
                dataSource.setURL(url);
                dataSource.setUser("sa");
                dataSource.setPassword("secret");
                return dataSource;
            });
        })) {
            assertThat(context.getBeansOfType(DataSource.class)).hasSize(4);
            assertThat(contexts.status())
                    .extracting(DataSourceStatus::instrumentation)
                    .doesNotContain(Instrumentation.NONE);
        }
    }
}
