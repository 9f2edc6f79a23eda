package io.github.databrickstelemetry.jdbc.datasource;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.github.databrickstelemetry.AnyTarget;
import io.github.databrickstelemetry.jdbc.DriverAdapter;
import io.github.databrickstelemetry.jdbc.H2;
import io.github.databrickstelemetry.jdbc.JdbcSource;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus.DriverTelemetry;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.commons.dbcp2.BasicDataSource;
import org.h2.Driver;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** H2's {@code MODE} stands for the driver's setting: the database says which one a connection was opened with. */
class DriverPropertiesTest {

    private static final Map<String, String> OVERRIDES = Map.of("MODE", "MySQL");

    private final Contexts contexts = new Contexts();
    private String url = contexts.url();

    DriverPropertiesTest() {
        contexts.resolve(RecordingTelemetry.resolveAll(DriverAdapter.NONE, OVERRIDES));
    }

    @Test
    void setsThemInADriverManagerDataSource() throws SQLException {
        Properties given = properties("mode", "Oracle");
        try (AnnotationConfigApplicationContext context = contexts.with(DriverManagerDataSource.class, () -> {
            DriverManagerDataSource dataSource = new DriverManagerDataSource(url);
            dataSource.setConnectionProperties(given);
            return dataSource;
        })) {
            DriverManagerDataSource dataSource = context.getBean(DriverManagerDataSource.class);
            assertReplaced(dataSource);
            assertThat(dataSource.getUrl()).isEqualTo(url);
            assertThat(given).as("may be another data source's, too").containsOnly(Map.entry("mode", "Oracle"));
        }
    }

    @Test
    void setsThemInASimpleDriverDataSource() throws SQLException {
        try (AnnotationConfigApplicationContext context =
                contexts.with(SimpleDriverDataSource.class, () -> new SimpleDriverDataSource(new Driver(), url))) {
            assertReplaced(context.getBean(SimpleDriverDataSource.class));
        }
    }

    @Test
    void setsThemBeforeTomcatsPoolStarts() throws SQLException {
        try (AnnotationConfigApplicationContext context =
                contexts.with(org.apache.tomcat.jdbc.pool.DataSource.class, this::tomcat)) {
            org.apache.tomcat.jdbc.pool.DataSource pool = context.getBean(org.apache.tomcat.jdbc.pool.DataSource.class);
            assertThat(pool.getPoolSize()).as("not started").isZero();
            assertReplaced(pool);
            assertThat(pool.getUrl()).isEqualTo(url);
        }
    }

    @Test
    void setsThemBeforeCommonsDbcpStarts() throws SQLException {
        try (AnnotationConfigApplicationContext context = contexts.with(BasicDataSource.class, () -> {
            BasicDataSource pool = dbcp();
            pool.addConnectionProperty("mode", "Oracle");
            return pool;
        })) {
            BasicDataSource pool = context.getBean(BasicDataSource.class);
            assertThat(pool.getConnectionPool()).as("not started").isNull();
            assertReplaced(pool);
            assertThat(pool.getUrl()).isEqualTo(url);
        }
    }

    /** Has a field of its own with the name of its superclass's. */
    static class OwnPool extends org.apache.tomcat.jdbc.pool.DataSource {

        @SuppressWarnings({"unused", "UnusedVariable", "HidingField"})
        private final String pool = "own";
    }

    @Test
    void setsThemInTomcatsPoolWhateverFieldsItsSubclassHas() throws SQLException {
        try (AnnotationConfigApplicationContext context = contexts.with(OwnPool.class, () -> {
            OwnPool pool = new OwnPool();
            pool.setUrl(url);
            pool.setDriverClassName(Driver.class.getName());
            return pool;
        })) {
            assertReplaced(context.getBean(OwnPool.class));
        }
    }

    @Test
    void setsThemBeforeInitialisationStartsThePool() throws SQLException {
        try (AnnotationConfigApplicationContext context = contexts.with(registry -> registry.registerBean(
                "pool", BasicDataSource.class, this::dbcp, definition -> definition.setInitMethodName("start")))) {
            assertReplaced(context.getBean(BasicDataSource.class));
        }
    }

    @Test
    void setsThemInTheDataSourceThatAHikariPoolWasGiven() throws SQLException {
        try (AnnotationConfigApplicationContext context =
                contexts.with(HikariDataSource.class, () -> hikariOver(new DriverManagerDataSource(url)))) {
            assertReplaced(context.getBean(HikariDataSource.class));
        }
    }

    @Test
    void showsEachOfTwoPoolsOverOneDataSourceWithItsOwnHost() {
        contexts.resolve((beanName, source) -> {
            DataSourceDescription any = RecordingTelemetry.observed(beanName, DriverAdapter.NONE, OVERRIDES);
            return new DataSourceDescription(
                    AnyTarget.at(beanName + ".example").host(),
                    any.target(),
                    any.details(),
                    any.local(),
                    any.context(),
                    any.adapter(),
                    any.driverOverrides(),
                    any.queryTags());
        });
        DataSource shared = new DriverManagerDataSource(url);
        try (AnnotationConfigApplicationContext context = contexts.with(beans -> {
            beans.registerBean("one", HikariDataSource.class, () -> hikariOver(shared));
            beans.registerBean("two", HikariDataSource.class, () -> hikariOver(shared));
        })) {
            assertThat(context.getBeansOfType(HikariDataSource.class)).hasSize(2);
            assertThat(contexts.status())
                    .extracting(DataSourceStatus::host)
                    .containsExactly("one.example:443", "two.example:443");
        }
    }

    @Test
    void setsThemInTheDataSourceThatAHikariPoolNames() throws SQLException {
        try (AnnotationConfigApplicationContext context =
                contexts.with(HikariDataSource.class, () -> hikariNaming(DriverManagerDataSource.class))) {
            assertReplaced(context.getBean(HikariDataSource.class));
        }
    }

    @Test
    void setsThemBehindAProxyAndBehindAnotherDataSource() throws SQLException {
        try (AnnotationConfigApplicationContext context = contexts.with(DataSource.class, () -> {
            ProxyFactory proxy = new ProxyFactory(tomcat());
            return new DelegatingDataSource((DataSource) proxy.getProxy());
        })) {
            assertReplaced(context.getBean(DataSource.class));
        }
    }

    @Test
    void leavesWhatTheUrlSays() throws SQLException {
        url += ";mode=REGULAR";
        assertLeft(() -> new DriverManagerDataSource(url));
        assertLeft(this::tomcat);
        assertLeft(this::dbcp);
        assertLeft(() -> hikariOver(new DriverManagerDataSource(url)));
        assertLeft(() -> hikariNaming(DriverManagerDataSource.class));
    }

    @Test
    void leavesAPoolThatHasStarted() throws SQLException {
        assertLeft(() -> started(tomcat()));
        assertLeft(() -> started(dbcp()));
        assertLeft(() -> started(contexts.hikari()));
    }

    @Test
    void leavesWhatConnectsByOtherMeans() throws SQLException {
        assertLeft(() -> H2.dataSource(url));
        assertLeft(() -> new SingleConnectionDataSource(url, false));
        assertLeft(() -> {
            org.apache.tomcat.jdbc.pool.DataSource pool = tomcat();
            pool.setDataSource(H2.dataSource(url));
            return pool;
        });
        assertLeft(() -> hikariOver(H2.dataSource(url)));
        assertLeft(() -> hikariNaming(JdbcDataSource.class));
    }

    @Test
    void changesNothingThatIsNotObserved() throws SQLException {
        contexts.resolve((beanName, source) -> null);
        try (AnnotationConfigApplicationContext context =
                contexts.with(DriverManagerDataSource.class, () -> new DriverManagerDataSource(url))) {
            DriverManagerDataSource dataSource = context.getBean(DriverManagerDataSource.class);
            assertThat(dataSource.getConnectionProperties()).isNull();
            assertThat(Contexts.mode(dataSource)).isEqualTo("REGULAR");
        }
    }

    @Test
    void takesThemBackFromWhatIsNotInstrumentedInTheEnd() throws SQLException {
        DriverManagerDataSource spring = new DriverManagerDataSource(url);
        spring.setConnectionProperties(properties("MODE", "Oracle"));
        assertRestored(spring, spring::getConnectionProperties);
        org.apache.tomcat.jdbc.pool.DataSource tomcat = tomcat();
        assertRestored(tomcat, tomcat::getDbProperties);
        BasicDataSource dbcp = dbcp();
        dbcp.addConnectionProperty("MODE", "Oracle");
        assertRestored(dbcp, () -> JdbcSourceReader.read(dbcp).properties());
        com.databricks.client.jdbc.DataSource driver = new com.databricks.client.jdbc.DataSource();
        driver.setProperties(properties("MODE", "Oracle"));
        assertRestored(driver, driver::getProperties);
    }

    private void assertRestored(DataSource dataSource, Supplier<Properties> shown) {
        Properties before = (Properties) shown.get().clone();
        DriverProperties driverProperties = new DriverProperties(new Guard(LoggerFactory.getLogger(getClass())));
        DataSourceDescription description =
                Objects.requireNonNull(RecordingTelemetry.resolveAll(DriverAdapter.NONE, OVERRIDES)
                        .resolve("bean", new JdbcSource(url, null, null, before)));
        assertThat(driverProperties.override(dataSource, url, description).values())
                .isEqualTo(OVERRIDES);
        assertThat(shown.get()).containsEntry("MODE", "MySQL");
        driverProperties.restore(dataSource);
        assertThat(shown.get()).isEqualTo(before);
    }

    private void assertReplaced(DataSource dataSource) throws SQLException {
        assertThat(Contexts.mode(dataSource)).isEqualTo("MySQL");
        assertThat(contexts.telemetry().lines()).startsWith("open");
        assertThat(contexts.status())
                .extracting(DataSourceStatus::driverTelemetry)
                .containsExactly(DriverTelemetry.REPLACED);
    }

    private void assertLeft(Supplier<DataSource> dataSource) throws SQLException {
        contexts.telemetry().clear();
        try (AnnotationConfigApplicationContext context = contexts.with(DataSource.class, dataSource)) {
            assertThat(Contexts.mode(context.getBean(DataSource.class))).isEqualTo("REGULAR");
            assertThat(contexts.status())
                    .extracting(DataSourceStatus::driverTelemetry)
                    .containsExactly(DriverTelemetry.LEFT);
        }
    }

    private static Properties properties(String key, String value) {
        Properties properties = new Properties();
        properties.setProperty(key, value);
        return properties;
    }

    private org.apache.tomcat.jdbc.pool.DataSource tomcat() {
        org.apache.tomcat.jdbc.pool.DataSource pool = new org.apache.tomcat.jdbc.pool.DataSource();
        pool.setUrl(url);
        pool.setDriverClassName(Driver.class.getName());
        pool.setInitialSize(1);
        return pool;
    }

    private BasicDataSource dbcp() {
        BasicDataSource pool = new BasicDataSource();
        pool.setUrl(url);
        return pool;
    }

    private static HikariDataSource hikariOver(DataSource given) {
        HikariDataSource pool = new HikariDataSource();
        pool.setDataSource(given);
        return pool;
    }

    private HikariDataSource hikariNaming(Class<? extends DataSource> type) {
        HikariDataSource pool = new HikariDataSource();
        pool.setDataSourceClassName(type.getName());
        pool.addDataSourceProperty("url", url);
        return pool;
    }

    private static <D extends DataSource> D started(D pool) {
        try {
            pool.getConnection().close();
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
        return pool;
    }
}
