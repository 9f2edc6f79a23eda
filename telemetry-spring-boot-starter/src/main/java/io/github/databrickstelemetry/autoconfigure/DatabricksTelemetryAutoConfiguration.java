package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.actuate.PauseSwitch;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.client.TelemetryEngine;
import io.github.databrickstelemetry.export.DatabricksTelemetryExporterFactory;
import io.github.databrickstelemetry.export.TelemetryExporterFactory;
import io.github.databrickstelemetry.export.ThrowableDescriber;
import io.github.databrickstelemetry.flag.FeatureFlagCache;
import io.github.databrickstelemetry.http.WorkspaceHttp;
import io.github.databrickstelemetry.jdbc.databricks.DriverVersion;
import io.github.databrickstelemetry.privacy.HostValidator;
import io.github.databrickstelemetry.runtime.TelemetryClock;
import java.util.Random;
import javax.net.ssl.SSLContext;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.util.function.SingletonSupplier;

/** The engine and what it is made from. Everything else of this library builds on it. */
@AutoConfiguration
@ConditionalOnTelemetry
@EnableConfigurationProperties(TelemetryProperties.class)
@ImportRuntimeHints(TelemetryRuntimeHints.class)
public class DatabricksTelemetryAutoConfiguration {

    /** Is there if this is. Others ask for the name, which takes no look at the other beans. */
    static final String SETTINGS = "databricksTelemetrySettings";

    DatabricksTelemetryAutoConfiguration() {
        SpringBootSupport.check(SpringBootVersion.getVersion());
    }

    /** What is off at run time must not fail the start, so that the properties are not even read then. */
    @Bean(SETTINGS)
    TelemetrySettings databricksTelemetrySettings(
            ObjectProvider<TelemetryProperties> properties,
            ObjectProvider<SslBundles> bundles,
            Environment environment) {
        return new TelemetrySettings(
                TelemetrySwitch.isOn(environment) ? properties.getObject() : TelemetryProperties.none(),
                name -> sslContext(bundles, name));
    }

    @Bean
    PauseSwitch databricksTelemetryPauseSwitch() {
        return new PauseSwitch();
    }

    @Bean
    @ConditionalOnMissingBean
    WorkspaceHttp databricksTelemetryHttp() {
        return new WorkspaceHttp(new HostValidator());
    }

    /** Made in earnest with the first client: the start should not wait for classes of Caffeine and Spring Retry. */
    @Bean
    @ConditionalOnMissingBean
    TelemetryExporterFactory databricksTelemetryExporterFactory(WorkspaceHttp http, Environment environment) {
        SingletonSupplier<TelemetryExporterFactory> factory =
                SingletonSupplier.of(() -> new DatabricksTelemetryExporterFactory(
                        http, TelemetryClock.SYSTEM, new Random(), environment.getProperty("spring.application.name")));
        return (target, breaker) -> factory.obtain().create(target, breaker);
    }

    /** It has no thread until its first client is acquired. */
    @Bean
    @ConditionalOnMissingBean(TelemetryClientProvider.class)
    TelemetryEngine databricksTelemetryEngine(
            TelemetrySettings settings,
            WorkspaceHttp http,
            TelemetryExporterFactory exporters,
            ApplicationBeans application,
            PauseSwitch pauseSwitch,
            Environment environment,
            ConfigurableBeanFactory beanFactory) {
        // Frozen by ahead-of-time processing, the conditions cannot answer this any more.
        boolean off = !TelemetrySwitch.isOn(environment);
        ClassLoader classLoader = beanFactory.getBeanClassLoader();
        return TelemetryEngine.builder()
                .settings(settings.engine())
                .exporters((target, breaker) ->
                        new FanOutExporter(exporters.create(target, breaker), application::exporters))
                .flags(executor -> new FeatureFlagCache(
                        http, executor, TelemetryClock.SYSTEM, new Random(), DriverVersion.find(classLoader)))
                .errorDescribers(ThrowableDescriber::new)
                .killSwitch(() -> off || pauseSwitch.getAsBoolean())
                .build();
    }

    @Bean(HostClients.BEAN_NAME)
    HostClients databricksTelemetryHostClients(
            TelemetrySettings settings,
            TelemetryClientProvider provider,
            ApplicationBeans application,
            Environment environment) {
        return new HostClients(settings, provider, application, environment);
    }

    @Bean
    @Lazy(false)
    ApplicationBeans databricksTelemetryApplicationBeans(
            TelemetrySettings settings, ConfigurableListableBeanFactory beanFactory) {
        return new ApplicationBeans(settings, beanFactory);
    }

    private static SSLContext sslContext(ObjectProvider<SslBundles> bundles, String name) {
        return bundles.getObject().getBundle(name).createSslContext();
    }
}
