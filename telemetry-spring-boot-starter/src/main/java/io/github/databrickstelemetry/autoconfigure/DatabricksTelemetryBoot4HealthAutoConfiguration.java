package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.actuate.Boot4HealthIndicator;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/** The health component {@code databricksTelemetry} on Spring Boot 4. */
@AutoConfiguration(
        after = DatabricksTelemetryAutoConfiguration.class,
        beforeName = "org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration")
@Conditional(OnTelemetryCondition.class)
@ConditionalOnClass(
        name = {
            "org.springframework.boot.health.contributor.HealthIndicator",
            "org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator"
        })
@ConditionalOnBean(name = DatabricksTelemetryAutoConfiguration.CONTEXT)
public class DatabricksTelemetryBoot4HealthAutoConfiguration {

    /** The component's name is the bean's without its last two words. */
    @Bean
    @ConditionalOnEnabledHealthIndicator("databricks-telemetry")
    @ConditionalOnMissingBean(name = "databricksTelemetryHealthIndicator")
    Boot4HealthIndicator databricksTelemetryHealthIndicator(TelemetryClientProvider provider) {
        return new Boot4HealthIndicator(provider);
    }
}
