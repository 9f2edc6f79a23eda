package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.actuate.PauseSwitch;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.export.internal.TelemetryExporterFactory;
import javax.net.ssl.SSLContext;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/**
 * The engine and what it is made from. Everything else of this library builds on it.
 *
 * <p>Parameters bear the names of the beans that they take, which spares the start of an application a search by type.
 * Nothing is made before somebody needs it but what checks the properties.
 */
@AutoConfiguration
@Lazy
@Conditional(OnTelemetryCondition.class)
@EnableConfigurationProperties(TelemetryProperties.class)
public class DatabricksTelemetryAutoConfiguration {

    /** Is there if this is. Others ask for the name, which takes no look at the other beans. */
    static final String CONTEXT = "databricksTelemetryContext";

    /**
     * What is off at run time must not fail the start, so that the properties are not even read then; nor are they where
     * there is nothing to read.
     */
    @Bean(CONTEXT)
    @Lazy(false)
    static TelemetryContext databricksTelemetryContext(
            ObjectProvider<TelemetryProperties> properties,
            ObjectProvider<SslBundles> bundles,
            Environment environment,
            ConfigurableListableBeanFactory beanFactory) {
        SpringBootSupport.check(SpringBootVersion.getVersion());
        TelemetrySettings settings = TelemetrySwitch.isOn(environment) && !TelemetrySwitch.isAlone(environment)
                ? SettingsReader.read(properties.getObject(), name -> sslContext(bundles, name))
                : TelemetrySettings.DEFAULTS;
        return new TelemetryContext(settings, new ApplicationBeans(settings, beanFactory), new PauseSwitch());
    }

    /** It has no thread until its first client is acquired. */
    @Bean
    @ConditionalOnMissingBean(TelemetryClientProvider.class)
    static ApplicationEngine databricksTelemetryEngine(
            TelemetryContext databricksTelemetryContext,
            ObjectProvider<TelemetryExporterFactory> exporters,
            Environment environment,
            ConfigurableListableBeanFactory beanFactory) {
        return new ApplicationEngine(new EngineMaker(
                databricksTelemetryContext, exporters.getIfAvailable(), environment, beanFactory.getBeanClassLoader()));
    }

    private static SSLContext sslContext(ObjectProvider<SslBundles> bundles, String name) {
        return bundles.getObject().getBundle(name).createSslContext();
    }
}
