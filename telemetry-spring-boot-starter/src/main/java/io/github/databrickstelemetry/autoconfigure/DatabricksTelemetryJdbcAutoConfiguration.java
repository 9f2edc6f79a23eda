package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceResolver;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceTelemetryPostProcessor;
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
@ConditionalOnBean(name = DatabricksTelemetryAutoConfiguration.CONTEXT)
public class DatabricksTelemetryJdbcAutoConfiguration {

    /** Static and with what is there before any bean, so that neither it nor anything that it needs is created before its time. */
    @Bean
    @ConditionalOnMissingBean(DataSourceTelemetryPostProcessor.class)
    static DataSourceTelemetryPostProcessor databricksTelemetryDataSourcePostProcessor(
            ConfigurableListableBeanFactory beanFactory, Environment environment) {
        return new DataSourceTelemetryPostProcessor(
                () -> resolver(beanFactory, environment),
                () -> beanFactory.getBeanProvider(TelemetryClientProvider.class).getIfAvailable());
    }

    /** The application's own if it has one. Ours is no bean: only the post-processor asks for it, and it remembers nothing. */
    private static DataSourceResolver resolver(ConfigurableListableBeanFactory beanFactory, Environment environment) {
        DataSourceResolver own =
                beanFactory.getBeanProvider(DataSourceResolver.class).getIfAvailable();
        if (own != null) {
            return own;
        }
        TelemetryContext context =
                beanFactory.getBean(DatabricksTelemetryAutoConfiguration.CONTEXT, TelemetryContext.class);
        return new TelemetryDataSourceResolver(context, environment, beanFactory);
    }
}
