package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.metrics.TelemetryMeterBinder;
import io.github.databrickstelemetry.properties.TelemetrySettings;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

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
@ConditionalOnClass(name = "io.micrometer.core.instrument.binder.MeterBinder")
@ConditionalOnBean(value = TelemetrySettings.class, type = "io.micrometer.core.instrument.MeterRegistry")
public class DatabricksTelemetryMetricsAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    TelemetryMeterBinder databricksTelemetryMeterBinder(TelemetryClientProvider provider) {
        return new TelemetryMeterBinder(provider);
    }
}
