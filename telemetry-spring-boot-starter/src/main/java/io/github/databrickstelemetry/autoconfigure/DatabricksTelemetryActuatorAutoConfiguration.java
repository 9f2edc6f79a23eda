package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.actuate.Boot3HealthIndicator;
import io.github.databrickstelemetry.actuate.Boot4HealthIndicator;
import io.github.databrickstelemetry.actuate.Details;
import io.github.databrickstelemetry.actuate.PauseSwitch;
import io.github.databrickstelemetry.actuate.TelemetryEndpoint;
import io.github.databrickstelemetry.actuate.TelemetryPageEndpoint;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.insight.RecentStatements;
import io.github.databrickstelemetry.insight.StatementTotals;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceTelemetryPostProcessor;
import io.github.databrickstelemetry.properties.TelemetrySettings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** The actuator endpoints {@code databrickstelemetry} and {@code databrickstelemetryui}, and the health component {@code databricksTelemetry}. */
@AutoConfiguration(
        after = {DatabricksTelemetryJdbcAutoConfiguration.class, DatabricksTelemetryInsightAutoConfiguration.class},
        beforeName = {
            "org.springframework.boot.actuate.autoconfigure.health.HealthContributorAutoConfiguration",
            "org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration"
        })
@ConditionalOnBean(TelemetrySettings.class)
public class DatabricksTelemetryActuatorAutoConfiguration {

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(
            name = {
                "org.springframework.boot.actuate.endpoint.annotation.Endpoint",
                "org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint"
            })
    @ConditionalOnBean(StatementTotals.class)
    static class EndpointConfiguration {

        @Bean
        @ConditionalOnAvailableEndpoint
        @ConditionalOnMissingBean
        TelemetryEndpoint databricksTelemetryEndpoint(
                TelemetryClientProvider provider,
                PauseSwitch pauseSwitch,
                StatementTotals totals,
                RecentStatements recent,
                TelemetrySettings settings,
                ObjectProvider<DataSourceTelemetryPostProcessor> dataSources,
                Environment environment) {
            return new TelemetryEndpoint(
                    provider,
                    pauseSwitch,
                    totals,
                    recent,
                    settings.insight().queryText(),
                    () -> dataSources.stream()
                            .flatMap(postProcessor -> postProcessor.status().stream())
                            .map(EndpointConfiguration::plain)
                            .toList(),
                    environment);
        }

        private static Details plain(DataSourceStatus status) {
            return new Details()
                    .with("name", status.beanName())
                    .with("host", status.host())
                    .with("instrumentation", status.instrumentation().name())
                    .with("driverTelemetry", status.driverTelemetry().name())
                    .with("reason", status.reason());
        }

        @Bean
        @ConditionalOnAvailableEndpoint
        @ConditionalOnMissingBean
        TelemetryPageEndpoint databricksTelemetryPageEndpoint() {
            return new TelemetryPageEndpoint();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(
            name = {
                "org.springframework.boot.actuate.health.HealthIndicator",
                "org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator"
            })
    static class Boot3HealthConfiguration {

        /** The name of the health component is the bean name without its last two words. */
        @Bean
        @org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator(
                "databricks-telemetry")
        @ConditionalOnMissingBean(name = "databricksTelemetryHealthIndicator")
        Boot3HealthIndicator databricksTelemetryHealthIndicator(TelemetryClientProvider provider) {
            return new Boot3HealthIndicator(provider);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(
            name = {
                "org.springframework.boot.health.contributor.HealthIndicator",
                "org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator"
            })
    @ConditionalOnMissingClass("org.springframework.boot.actuate.health.HealthIndicator")
    static class Boot4HealthConfiguration {

        /** The name of the health component is the bean name without its last two words. */
        @Bean
        @org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator(
                "databricks-telemetry")
        @ConditionalOnMissingBean(name = "databricksTelemetryHealthIndicator")
        Boot4HealthIndicator databricksTelemetryHealthIndicator(TelemetryClientProvider provider) {
            return new Boot4HealthIndicator(provider);
        }
    }
}
