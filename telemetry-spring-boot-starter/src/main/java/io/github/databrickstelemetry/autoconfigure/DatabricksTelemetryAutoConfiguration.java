package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.actuate.PauseSwitch;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.export.TelemetryExporterFactory;
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
    static final String SETTINGS = "databricksTelemetrySettings";

    /**
     * What is off at run time must not fail the start, so that the properties are not even read then; nor are they where
     * there is nothing to read.
     */
    @Bean(SETTINGS)
    @Lazy(false)
    static TelemetrySettings databricksTelemetrySettings(
            ObjectProvider<TelemetryProperties> properties,
            ObjectProvider<SslBundles> bundles,
            Environment environment) {
        SpringBootSupport.check(SpringBootVersion.getVersion());
        return TelemetrySwitch.isOn(environment) && !TelemetrySwitch.isAlone(environment)
                ? SettingsReader.read(properties.getObject(), name -> sslContext(bundles, name))
                : TelemetrySettings.DEFAULTS;
    }

    @Bean
    @Lazy(false)
    static ApplicationBeans databricksTelemetryApplicationBeans(
            TelemetrySettings databricksTelemetrySettings, ConfigurableListableBeanFactory beanFactory) {
        return new ApplicationBeans(databricksTelemetrySettings, beanFactory);
    }

    @Bean
    static PauseSwitch databricksTelemetryPauseSwitch() {
        return new PauseSwitch();
    }

    /** It has no thread until its first client is acquired. */
    @Bean
    @ConditionalOnMissingBean(TelemetryClientProvider.class)
    static ApplicationEngine databricksTelemetryEngine(
            TelemetrySettings databricksTelemetrySettings,
            ApplicationBeans databricksTelemetryApplicationBeans,
            PauseSwitch databricksTelemetryPauseSwitch,
            ObjectProvider<TelemetryExporterFactory> exporters,
            Environment environment,
            ConfigurableListableBeanFactory beanFactory) {
        return new ApplicationEngine(new EngineMaker(
                databricksTelemetrySettings.engine(),
                databricksTelemetryApplicationBeans,
                exporters.getIfAvailable(),
                databricksTelemetryPauseSwitch,
                environment,
                beanFactory.getBeanClassLoader()));
    }

    @Bean(HostClients.BEAN_NAME)
    static HostClients databricksTelemetryHostClients(
            TelemetrySettings databricksTelemetrySettings,
            TelemetryClientProvider provider,
            ApplicationBeans databricksTelemetryApplicationBeans,
            Environment environment) {
        return new HostClients(databricksTelemetrySettings, provider, databricksTelemetryApplicationBeans, environment);
    }

    private static SSLContext sslContext(ObjectProvider<SslBundles> bundles, String name) {
        return bundles.getObject().getBundle(name).createSslContext();
    }
}
