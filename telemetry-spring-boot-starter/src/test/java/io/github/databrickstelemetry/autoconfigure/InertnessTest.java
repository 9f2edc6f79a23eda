package io.github.databrickstelemetry.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.actuate.TelemetryEndpoint;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceTelemetryPostProcessor;
import io.github.databrickstelemetry.metrics.TelemetryMeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** An application whose telemetry is off, in whatever way, starts: wrong properties are no reason not to. */
class InertnessTest {

    @Test
    void withoutTheEngineNothingElseIsThere() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        DatabricksTelemetryHostsAutoConfiguration.class,
                        DatabricksTelemetryJdbcAutoConfiguration.class,
                        DatabricksTelemetryMetricsAutoConfiguration.class,
                        DatabricksTelemetryActuatorAutoConfiguration.class))
                .withBean(SimpleMeterRegistry.class)
                .withBean("dataSource", DataSource.class, JdbcDataSource::new)
                .withPropertyValues(
                        "databricks.telemetry.enabled=true",
                        "databricks.telemetry.hosts.prod.host=prod.example.com",
                        "management.endpoints.web.exposure.include=*")
                .run(context -> {
                    assertThat(context)
                            .hasNotFailed()
                            .doesNotHaveBean(DataSourceTelemetryPostProcessor.class)
                            .doesNotHaveBean(TelemetryMeterBinder.class)
                            .doesNotHaveBean(TelemetryEndpoint.class)
                            .doesNotHaveBean("databricksTelemetryHealthIndicator");
                    assertThat(context.getBean("prodTelemetryClient", TelemetryClient.class)
                                    .emitter()
                                    .isEnabled())
                            .isFalse();
                });
    }

    @ParameterizedTest
    @CsvSource({
        "DATABRICKS_TELEMETRY_DISABLED, 1, batch-size=0",
        "DATABRICKS_TELEMETRY_DISABLED, 1, batch-size=many",
        "databricks.telemetry.enabled, false, hosts.prod.token=x",
        "databricks.telemetry.enabled, false, data-sources.misspelt.enabled=false"
    })
    void wrongPropertiesDoNotMatterIfItIsOffOnlyAtRunTime(String property, String value, String wrong) {
        Contexts.frozenThen(Map.of(property, value))
                .withPropertyValues("databricks.telemetry." + wrong)
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void hostsThatCannotBeReadDoNotMatterWhileItIsOff() {
        Contexts.untouched()
                .withPropertyValues("databricks.telemetry.hosts=")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(TelemetryClient.class));
    }
}
