package io.github.databrickstelemetry.jdbc.datasource;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.jdbc.JdbcSource;
import io.github.databrickstelemetry.jdbc.databricks.CurrentCredentials;
import io.github.databrickstelemetry.jdbc.databricks.DatabricksUrl;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.description.modifier.Visibility;
import net.bytebuddy.description.type.TypeDescription;
import oracle.ucp.jdbc.PoolDataSource;
import org.apache.commons.dbcp2.BasicDataSource;
import org.apache.tomcat.jdbc.pool.PoolProperties;
import org.h2.Driver;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What pools tell of how they connect, each in a way of its own. */
class JdbcSourceReaderTest {

    private static final String URL = "jdbc:databricks://h;httpPath=/sql/1.0/warehouses/a";

    @Test
    void readsThePasswordOfOraclesPool() throws SQLException {
        PoolDataSource pool = Ucp.pool(Driver.class, URL);
        pool.setUser("token");
        pool.setPassword("secret");

        JdbcSource source = JdbcSourceReader.read(pool);

        assertThat(source.url()).isEqualTo(URL);
        assertThat(source.user()).isEqualTo("token");
        assertThat(source.password()).isEqualTo("secret");
    }

    @Test
    void readsNoPasswordWhereOraclesPoolHasNone() throws SQLException {
        assertThat(JdbcSourceReader.read(Ucp.pool(Driver.class, URL)).password())
                .isNull();
    }

    @Test
    void readsThePasswordOfTomcatsPool() {
        PoolProperties properties = new PoolProperties();
        properties.setUrl(URL);
        properties.setUsername("token");
        properties.setPassword("secret");

        JdbcSource source = JdbcSourceReader.read(new org.apache.tomcat.jdbc.pool.DataSource(properties));

        assertThat(source.url()).isEqualTo(URL);
        assertThat(source.user()).isEqualTo("token");
        assertThat(source.password()).isEqualTo("secret");
    }

    @Test
    void readsNoPasswordWhereTomcatsPoolHasNone() {
        assertThat(JdbcSourceReader.read(new org.apache.tomcat.jdbc.pool.DataSource())
                        .password())
                .isNull();
    }

    @Test
    void readsAPoolWithAFieldWhoseClassIsMissing() throws Exception {
        TypeDescription missing = new ByteBuddy()
                .subclass(Object.class)
                .name("not.there.Optional")
                .make()
                .getTypeDescription();
        DataSource pool = new ByteBuddy()
                .subclass(DriverManagerDataSource.class)
                .defineField("optional", missing, Visibility.PUBLIC)
                .make()
                .load(JdbcSourceReaderTest.class.getClassLoader())
                .getLoaded()
                .getConstructor()
                .newInstance();
        ((DriverManagerDataSource) pool).setUrl(URL);

        assertThat(JdbcSourceReader.read(pool).url()).isEqualTo(URL);
    }

    @Test
    void readsTheConnectionPropertiesOfCommonsDbcp() {
        BasicDataSource pool = new BasicDataSource();
        pool.setUrl(URL);
        pool.setConnectionProperties("PWD=secret;UseProxy=1");

        assertThat(JdbcSourceReader.read(pool).properties())
                .containsEntry("PWD", "secret")
                .containsEntry("UseProxy", "1");
        ProxyFactory proxy = new ProxyFactory(pool);
        proxy.setProxyTargetClass(true);
        assertThat(JdbcSourceReader.read((BasicDataSource) proxy.getProxy()).properties())
                .as("through a proxy")
                .containsEntry("PWD", "secret");
    }

    /** Has a field of its own with the name of its superclass's. */
    static final class OwnProperties extends BasicDataSource {

        @SuppressWarnings({"unused", "UnusedVariable", "HidingField"})
        private final Properties connectionProperties = new Properties();
    }

    @Test
    void readsTheConnectionPropertiesOfThePoolNotOfItsSubclass() {
        OwnProperties pool = new OwnProperties();
        pool.setUrl(URL);
        pool.setConnectionProperties("UseProxy=1");

        assertThat(JdbcSourceReader.read(pool).properties()).containsEntry("UseProxy", "1");
    }

    /** Counts its objects. */
    public static final class CountedDataSource extends DriverManagerDataSource {

        static final AtomicInteger MADE = new AtomicInteger();

        public CountedDataSource() {
            MADE.incrementAndGet();
        }
    }

    @Test
    void readsTheDataSourceThatAStartedHikariPoolHasMade() throws SQLException {
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setDataSourceClassName(CountedDataSource.class.getName());
            pool.addDataSourceProperty("url", "jdbc:h2:mem:");
            pool.getConnection().close();

            JdbcSource source = new HikariInstrumentation(pool).source();

            assertThat(source.current().url()).isEqualTo("jdbc:h2:mem:");
            assertThat(CountedDataSource.MADE).hasValue(1);
        }
    }

    @Test
    void readsPropertiesThatAreNoStrings() {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(URL);
        pool.addDataSourceProperty("ProxyPort", 3128);

        assertThat(new HikariInstrumentation(pool).source().properties()).containsEntry("ProxyPort", "3128");
    }

    @Test
    void keepsTheDefaultsOfProperties() {
        Properties defaults = new Properties();
        defaults.setProperty("UseProxy", "1");
        Properties copy = new Properties();
        JdbcSourceReader.copy(new Properties(defaults), copy);

        assertThat(copy).containsEntry("UseProxy", "1");
    }

    @Test
    void readsTheDriversDataSourceThatHikariIsToMake() {
        HikariDataSource pool = new HikariDataSource();
        pool.setDataSourceClassName(com.databricks.client.jdbc.DataSource.class.getName());
        pool.addDataSourceProperty("host", "adb-42.7.azuredatabricks.net");
        pool.addDataSourceProperty("port", 8443);
        pool.addDataSourceProperty("httpPath", "/sql/1.0/warehouses/a");
        pool.addDataSourceProperty("password", "secret");

        JdbcSource source = new HikariInstrumentation(pool).source();

        assertThat(source.properties()).containsEntry("password", "secret");
        DatabricksUrl url = Objects.requireNonNull(DatabricksUrl.parse(source));
        assertThat(url.host().key()).isEqualTo("adb-42.7.azuredatabricks.net:8443");
        assertThat(url.httpPath()).isEqualTo("/sql/1.0/warehouses/a");
        assertThat(CurrentCredentials.of(source, ClientSettings.DEFAULTS, own -> own))
                .isNotNull();
    }
}
