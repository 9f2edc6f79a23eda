package io.github.databrickstelemetry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.github.databrickstelemetry.jdbc.databricks.DatabricksUrl;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What pools tell of how they connect, each in a way of its own. */
class JdbcSourceReaderTest {

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
        assertThat(url.credentials()).isNotNull();
    }
}
