package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.actuate.TelemetryEndpoint;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceTelemetryPostProcessor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.env.Environment;

/** The actuator endpoint {@code databrickstelemetry}. */
@AutoConfiguration(after = DatabricksTelemetryJdbcAutoConfiguration.class)
@Conditional(OnTelemetryCondition.class)
@ConditionalOnClass(
        name = {
            "org.springframework.boot.actuate.endpoint.annotation.Endpoint",
            "org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint"
        })
@ConditionalOnBean(name = DatabricksTelemetryAutoConfiguration.CONTEXT)
public class DatabricksTelemetryEndpointAutoConfiguration {

    @Bean
    @ConditionalOnAvailableEndpoint
    @ConditionalOnMissingBean
    TelemetryEndpoint databricksTelemetryEndpoint(
            TelemetryClientProvider provider,
            TelemetryContext databricksTelemetryContext,
            ObjectProvider<DataSourceTelemetryPostProcessor> dataSources,
            Environment environment) {
        return new TelemetryEndpoint(
                provider,
                databricksTelemetryContext.pauseSwitch(),
                () -> DataSourceReport.of(dataSources.getIfAvailable()),
                () -> UnknownProperties.in(environment));
    }
}
