package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.jdbc.DataSourceResolver;
import io.github.databrickstelemetry.jdbc.DataSourceTelemetryPostProcessor;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/** Observes the data sources of the application. */
@AutoConfiguration(
        after = DatabricksTelemetryAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration"
        })
@ConditionalOnTelemetry
public class DatabricksTelemetryJdbcAutoConfiguration {

    /** Static and with providers, so that neither it nor anything that it needs is created before its time. */
    @Bean
    @ConditionalOnMissingBean
    static DataSourceTelemetryPostProcessor databricksTelemetryDataSourcePostProcessor(
            ObjectProvider<DataSourceResolver> resolver, ObjectProvider<TelemetryClientProvider> provider) {
        return new DataSourceTelemetryPostProcessor(resolver::getIfAvailable, provider::getIfAvailable);
    }

    @Bean
    @ConditionalOnMissingBean(DataSourceResolver.class)
    TelemetryDataSourceResolver databricksTelemetryDataSourceResolver(
            TelemetrySettings settings,
            Credentials credentials,
            Environment environment,
            ConfigurableBeanFactory beanFactory) {
        return new TelemetryDataSourceResolver(settings, credentials, environment, beanFactory.getBeanClassLoader());
    }

    /** Never lazy: its only purpose is to fail the start. */
    @Bean
    @Lazy(false)
    DataSourceNameCheck databricksTelemetryDataSourceNameCheck(
            TelemetrySettings settings, ListableBeanFactory beanFactory) {
        return new DataSourceNameCheck(settings, beanFactory);
    }
}
