package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.jdbc.DataSourceResolver;
import io.github.databrickstelemetry.jdbc.DataSourceTelemetryPostProcessor;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/** Observes the data sources of the application. */
@AutoConfiguration(
        after = DatabricksTelemetryAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration"
        })
@Lazy
@Conditional(OnTelemetryCondition.class)
@ConditionalOnBean(name = DatabricksTelemetryAutoConfiguration.SETTINGS)
public class DatabricksTelemetryJdbcAutoConfiguration {

    /** Static and with the factory alone, so that neither it nor anything that it needs is created before its time. */
    @Bean
    @ConditionalOnMissingBean(DataSourceTelemetryPostProcessor.class)
    static DataSourceTelemetryPostProcessor databricksTelemetryDataSourcePostProcessor(BeanFactory beanFactory) {
        return new DataSourceTelemetryPostProcessor(
                () -> beanFactory.getBeanProvider(DataSourceResolver.class).getIfAvailable(),
                () -> beanFactory.getBeanProvider(TelemetryClientProvider.class).getIfAvailable());
    }

    @Bean
    @ConditionalOnMissingBean(DataSourceResolver.class)
    static TelemetryDataSourceResolver databricksTelemetryDataSourceResolver(
            TelemetrySettings databricksTelemetrySettings,
            ApplicationBeans databricksTelemetryApplicationBeans,
            Environment environment,
            ConfigurableListableBeanFactory beanFactory) {
        return new TelemetryDataSourceResolver(
                databricksTelemetrySettings,
                new Credentials(databricksTelemetryApplicationBeans),
                environment,
                beanFactory);
    }
}
