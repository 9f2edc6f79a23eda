package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.actuate.Boot3HealthIndicator;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/** The health component {@code databricksTelemetry} on Spring Boot 3. */
@AutoConfiguration(
        after = DatabricksTelemetryAutoConfiguration.class,
        beforeName = "org.springframework.boot.actuate.autoconfigure.health.HealthContributorAutoConfiguration")
@Conditional(OnTelemetryCondition.class)
@ConditionalOnClass(
        name = {
            "org.springframework.boot.actuate.health.HealthIndicator",
            "org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator"
        })
@ConditionalOnBean(name = DatabricksTelemetryAutoConfiguration.CONTEXT)
public class DatabricksTelemetryBoot3HealthAutoConfiguration {

    /** The component's name is the bean's without its last two words. */
    @Bean
    @ConditionalOnEnabledHealthIndicator("databricks-telemetry")
    @ConditionalOnMissingBean(name = "databricksTelemetryHealthIndicator")
    Boot3HealthIndicator databricksTelemetryHealthIndicator(TelemetryClientProvider provider) {
        return new Boot3HealthIndicator(provider);
    }
}
