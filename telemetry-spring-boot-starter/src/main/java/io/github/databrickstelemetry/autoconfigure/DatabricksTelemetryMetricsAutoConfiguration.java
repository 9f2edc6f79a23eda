package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.insight.ConnectionFailures;
import io.github.databrickstelemetry.insight.StatementTotals;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceTelemetryPostProcessor;
import io.github.databrickstelemetry.metrics.TelemetryMeterBinder;
import io.github.databrickstelemetry.properties.TelemetrySettings;
import io.github.databrickstelemetry.runtime.internal.Guard;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Micrometer meters. Spring Boot binds them to the registries once all singletons are there; without a registry they
 * cost nothing.
 */
@AutoConfiguration(
        after = {DatabricksTelemetryJdbcAutoConfiguration.class, DatabricksTelemetryInsightAutoConfiguration.class},
        afterName = {
            "org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration"
        })
@ConditionalOnClass(name = "io.micrometer.core.instrument.binder.MeterBinder")
@ConditionalOnBooleanProperty(name = "databricks.telemetry.insight.metrics", matchIfMissing = true)
@ConditionalOnBean(
        value = {TelemetrySettings.class, StatementTotals.class},
        type = "io.micrometer.core.instrument.MeterRegistry")
public class DatabricksTelemetryMetricsAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    TelemetryMeterBinder databricksTelemetryMeterBinder(
            TelemetryClientProvider provider,
            StatementTotals totals,
            ConnectionFailures connectionFailures,
            ObjectProvider<DataSourceTelemetryPostProcessor> dataSources,
            Guard guard) {
        return new TelemetryMeterBinder(
                provider,
                totals,
                connectionFailures,
                () -> dataSources.stream()
                        .flatMap(postProcessor -> postProcessor.status().stream())
                        .filter(status -> status.instrumentation() != DataSourceStatus.Instrumentation.NONE)
                        .map(DataSourceStatus::beanName)
                        .toList(),
                guard);
    }
}
