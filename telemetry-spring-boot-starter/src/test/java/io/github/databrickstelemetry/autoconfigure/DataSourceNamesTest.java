package io.github.databrickstelemetry.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.jdbc.JdbcSource;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceResolver;
import io.github.databrickstelemetry.properties.InvalidTelemetryPropertyException;
import io.github.databrickstelemetry.properties.TelemetrySettings;
import io.github.databrickstelemetry.workspace.CredentialSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Names of data sources and hosts as files and as environment variables can write them. */
class DataSourceNamesTest {

    private static final JdbcSource DATABRICKS = new JdbcSource(
            "jdbc:databricks://adb-42.7.azuredatabricks.net;httpPath=/sql/1.0/warehouses/abc;AuthMech=3;PWD=own",
            null,
            null,
            new Properties());

    private final Map<String, Object> variables = new LinkedHashMap<>();
    private final ApplicationContextRunner application = Contexts.withEnvironment(Contexts.enabled(), variables)
            .withBean("dataSource", DataSource.class, JdbcDataSource::new);

    private static boolean isObserved(ApplicationContext context, String beanName) {
        return resolver(context).resolve(beanName, DATABRICKS) != null;
    }

    private static DataSourceResolver resolver(ApplicationContext context) {
        return context.getBean(DataSourceResolver.class);
    }

    @Test
    void anEnvironmentVariableSwitchesOffADataSourceWhoseNameHasUpperCase() {
        variables.put("DATABRICKS_TELEMETRY_DATASOURCES_DATASOURCE_ENABLED", "false");
        application.withBean("other", DataSource.class, JdbcDataSource::new).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(isObserved(context, "dataSource")).isFalse();
            assertThat(isObserved(context, "other")).isTrue();
            assertThat(resolver(context).reasonAgainst("dataSource", DATABRICKS))
                    .isEqualTo("switched off by data-sources.datasource.enabled");
        });
    }

    @Test
    void anEnvironmentVariableCompletesWhatAFileSays() {
        variables.put("DATABRICKS_TELEMETRY_DATASOURCES_DATASOURCE_ENABLED", "false");
        application
                .withPropertyValues("databricks.telemetry.data-sources.dataSource.http-path=/sql/1.0/warehouses/x")
                .run(context -> assertThat(isObserved(context, "dataSource")).isFalse());
    }

    @Test
    void aNameThatIsExactMeansNoOtherDataSource() {
        variables.put("DATABRICKS_TELEMETRY_DATASOURCES_DATASOURCE_ENABLED", "false");
        application
                .withBean("datasource", DataSource.class, JdbcDataSource::new)
                .run(context -> {
                    assertThat(isObserved(context, "datasource")).isFalse();
                    assertThat(isObserved(context, "dataSource")).isTrue();
                });
    }

    @Test
    void aNameThatMayMeanTwoDataSourcesFailsTheStart() {
        variables.put("DATABRICKS_TELEMETRY_DATASOURCES_DATASOURCE_ENABLED", "false");
        application
                .withBean("data_source", DataSource.class, JdbcDataSource::new)
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOf(InvalidTelemetryPropertyException.class)
                        .hasMessageContaining("[dataSource, data_source]"));
    }

    @Test
    void anAliasSwitchesOffTheDataSourceThatItStandsFor() {
        application
                .withUserConfiguration(TwoNames.class)
                .withPropertyValues(
                        "databricks.telemetry.data-sources.orders.http-path=/sql/1.0/warehouses/x",
                        "databricks.telemetry.data-sources.sales.enabled=false")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(isObserved(context, "orders")).isFalse();
                    assertThat(isObserved(context, "dataSource")).isTrue();
                });
    }

    @Test
    void anExactNameBeatsASimilarOneThatIsDisabled() {
        application
                .withPropertyValues(
                        "databricks.telemetry.data-sources[data_source].enabled=false",
                        "databricks.telemetry.data-sources.dataSource.enabled=true")
                .run(context -> assertThat(isObserved(context, "dataSource")).isTrue());
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoNames {
        @Bean({"orders", "sales"})
        DataSource orders() {
            return new JdbcDataSource();
        }
    }

    @Test
    void aBeanThatIsNoDataSourceFailsTheStart() {
        application
                .withBean("orders", String.class, () -> "no data source")
                .withPropertyValues("databricks.telemetry.data-sources.orders.enabled=false")
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOf(InvalidTelemetryPropertyException.class)
                        .hasMessageContaining("[dataSource]"));
    }

    @Test
    void aHostThatAFileAndTheEnvironmentDescribeIsOneHost() {
        variables.put("DATABRICKS_TELEMETRY_HOSTS_MYHOST_TOKEN", "from-the-environment");
        application
                .withPropertyValues("databricks.telemetry.hosts.my-host.host=adb-1.2.azuredatabricks.net")
                .run(context -> {
                    assertThat(context).hasSingleBean(TelemetryClient.class).hasBean("my-hostTelemetryClient");
                    assertThat(context.getBean(TelemetrySettings.class)
                                    .host("my-host")
                                    .token())
                            .extracting(CredentialSource::authorization)
                            .isEqualTo("Bearer from-the-environment");
                });
    }
}
