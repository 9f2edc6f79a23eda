package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.metrics.TelemetryMeterBinder;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/**
 * Micrometer meters. Spring Boot binds them to the registries once all singletons are there; without a registry they
 * cost nothing.
 */
@AutoConfiguration(
        after = DatabricksTelemetryAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration"
        })
@Conditional(OnTelemetryCondition.class)
@ConditionalOnClass(name = "io.micrometer.core.instrument.binder.MeterBinder")
@ConditionalOnBean(
        name = DatabricksTelemetryAutoConfiguration.CONTEXT,
        type = "io.micrometer.core.instrument.MeterRegistry")
public class DatabricksTelemetryMetricsAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    TelemetryMeterBinder databricksTelemetryMeterBinder(TelemetryClientProvider provider) {
        return new TelemetryMeterBinder(provider);
    }
}
