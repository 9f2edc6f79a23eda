package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.actuate.PauseSwitch;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.engine.internal.TelemetryEngine;
import io.github.databrickstelemetry.export.internal.DatabricksTelemetryExporterFactory;
import io.github.databrickstelemetry.export.internal.TelemetryExporterFactory;
import io.github.databrickstelemetry.flag.internal.FeatureFlagCache;
import io.github.databrickstelemetry.jdbc.databricks.DatabricksDriver;
import io.github.databrickstelemetry.properties.TelemetryProperties;
import io.github.databrickstelemetry.properties.TelemetrySettings;
import io.github.databrickstelemetry.properties.TelemetrySwitch;
import io.github.databrickstelemetry.properties.UnknownProperties;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import io.github.databrickstelemetry.runtime.internal.TelemetryThreads;
import io.github.databrickstelemetry.workspace.internal.WorkspaceHttp;
import java.util.Random;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** The telemetry engine. The other auto-configurations build on it. */
@AutoConfiguration
@ConditionalOnClass(name = DatabricksTelemetryAutoConfiguration.REQUIRED_CLASS)
@Conditional(DatabricksTelemetryAutoConfiguration.OnTelemetryCondition.class)
@EnableConfigurationProperties(TelemetryProperties.class)
public class DatabricksTelemetryAutoConfiguration {

    /**
     * Added in Spring Boot 3.5, the oldest line that the auto-configurations run on, and still there in 4.1. A build with an
     * older one resolves without a warning. Without the class they stay out: the application starts as without this library.
     */
    static final String REQUIRED_CLASS =
            "org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty";

    /** Every failure of telemetry in this application ends here. */
    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static Guard databricksTelemetryGuard() {
        return new Guard(LoggerFactory.getLogger("io.github.databrickstelemetry"));
    }

    /**
     * Not lazy, so that invalid properties fail the start of a lazy application as well. If telemetry is switched off at
     * run time only, as ahead-of-time processing allows, the properties are not read.
     */
    @Bean
    @Lazy(false)
    static TelemetrySettings databricksTelemetrySettings(
            ObjectProvider<TelemetryProperties> properties,
            ObjectProvider<SslBundles> sslBundles,
            Environment environment) {
        return TelemetrySwitch.isOn(environment)
                ? TelemetrySettings.of(
                        properties.getObject(),
                        environment,
                        name -> sslBundles.getObject().getBundle(name))
                : TelemetrySettings.disabled();
    }

    @Bean
    @Lazy(false)
    static ApplicationBeans databricksTelemetryApplicationBeans(
            TelemetrySettings settings, ConfigurableListableBeanFactory beanFactory, Guard guard) {
        return new ApplicationBeans(settings, beanFactory, guard);
    }

    @Bean
    @Lazy(false)
    static SmartInitializingSingleton databricksTelemetryStartReport(Environment environment, Guard guard) {
        return () -> guard.run("the report of the start", () -> UnknownProperties.log(environment));
    }

    @Bean
    static PauseSwitch databricksTelemetryPauseSwitch() {
        return new PauseSwitch();
    }

    /** What the requests of all clients share. Closed after the engine, which depends on it. */
    @Bean
    static WorkspaceHttp databricksTelemetryHttp() {
        return new WorkspaceHttp();
    }

    /** Starts its thread with the first client. */
    @Bean
    @ConditionalOnMissingBean(TelemetryClientProvider.class)
    static TelemetryEngine databricksTelemetryEngine(
            TelemetrySettings settings,
            WorkspaceHttp http,
            ObjectProvider<TelemetryExporterFactory> exporterFactory,
            PauseSwitch pauseSwitch,
            Environment environment,
            ConfigurableListableBeanFactory beanFactory,
            Guard guard) {
        Random random = new Random();
        TelemetryExporterFactory service = exporterFactory.getIfAvailable(() -> new DatabricksTelemetryExporterFactory(
                http, TelemetryClock.SYSTEM, random, environment.getProperty("spring.application.name"), guard));
        TelemetryEngine engine = new TelemetryEngine(
                settings.engine(),
                TelemetryClock.SYSTEM,
                service,
                () -> new FeatureFlagCache(
                        http::open,
                        TelemetryClock.SYSTEM,
                        random,
                        DatabricksDriver.version(beanFactory.getBeanClassLoader()),
                        guard),
                () -> !settings.enabled(),
                pauseSwitch,
                new TelemetryThreads("worker", guard),
                guard);
        // They are added once all singletons exist, and meters are bound: by then, statements may have run.
        engine.expectListeners();
        return engine;
    }

    @Bean
    @Lazy(false)
    static EngineLifecycle databricksTelemetryLifecycle(
            ObjectProvider<TelemetryEngine> engine, WorkspaceHttp http, ConfigurableApplicationContext context) {
        return new EngineLifecycle(engine, http, context);
    }

    @Bean
    static HostClients databricksTelemetryHostClients(
            TelemetrySettings settings, ApplicationBeans application, TelemetryClientProvider provider) {
        return new HostClients(settings, application, provider);
    }

    /**
     * Matches if {@code databricks.telemetry.enabled} is true and the environment variable
     * {@code DATABRICKS_TELEMETRY_DISABLED} does not switch telemetry off. Fails the start if the property is not a boolean.
     */
    static final class OnTelemetryCondition extends SpringBootCondition {

        @Override
        public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
            boolean on = TelemetrySwitch.isOn(context.getEnvironment());
            String reason = TelemetrySwitch.isKilled(context.getEnvironment())
                    ? TelemetrySwitch.KILL_SWITCH + " is set"
                    : TelemetrySwitch.ENABLED + (on ? " is true" : " is not true");
            return new ConditionOutcome(
                    on, ConditionMessage.forCondition("Databricks telemetry").because(reason));
        }
    }
}
