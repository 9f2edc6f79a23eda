package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceResolver;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceTelemetryPostProcessor;
import io.github.databrickstelemetry.properties.TelemetrySettings;
import io.github.databrickstelemetry.runtime.internal.Guard;
import org.springframework.beans.factory.BeanFactoryInitializer;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Instruments the application's data sources. */
@AutoConfiguration(
        after = DatabricksTelemetryAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration"
        })
@ConditionalOnBean(TelemetrySettings.class)
public class DatabricksTelemetryJdbcAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(DataSourceResolver.class)
    static TelemetryDataSourceResolver databricksTelemetryDataSourceResolver(
            TelemetrySettings settings, ApplicationBeans application, ConfigurableListableBeanFactory beanFactory) {
        return new TelemetryDataSourceResolver(settings, application, beanFactory);
    }

    /** Takes providers, because a post-processor that depends on other beans has them created too early. */
    @Bean
    @ConditionalOnMissingBean(DataSourceTelemetryPostProcessor.class)
    static DataSourceTelemetryPostProcessor databricksTelemetryDataSourcePostProcessor(
            ObjectProvider<DataSourceResolver> resolver,
            ObjectProvider<TelemetryClientProvider> provider,
            Guard guard) {
        return new DataSourceTelemetryPostProcessor(resolver::getIfAvailable, provider::getIfAvailable, guard);
    }

    /** Creates them now, because a data source that Spring initializes on another thread cannot have them created. */
    @Bean
    static BeanFactoryInitializer<ListableBeanFactory> databricksTelemetryBackgroundInitializer() {
        return beanFactory -> {
            beanFactory.getBeanProvider(DataSourceResolver.class).getIfAvailable();
            beanFactory.getBeanProvider(TelemetryClientProvider.class).getIfAvailable();
        };
    }
}
