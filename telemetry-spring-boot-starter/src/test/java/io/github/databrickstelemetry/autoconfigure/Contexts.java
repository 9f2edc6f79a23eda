package io.github.databrickstelemetry.autoconfigure;

import static org.springframework.core.env.StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;

import java.util.Map;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Application contexts with this library's auto-configurations, and nothing else. */
final class Contexts {

    static final AutoConfigurations OURS = AutoConfigurations.of(
            DatabricksTelemetryAutoConfiguration.class,
            DatabricksTelemetryHostsAutoConfiguration.class,
            DatabricksTelemetryJdbcAutoConfiguration.class,
            DatabricksTelemetryInsightAutoConfiguration.class,
            DatabricksTelemetryMetricsAutoConfiguration.class,
            DatabricksTelemetryActuatorAutoConfiguration.class);

    private Contexts() {}

    /** Telemetry as an application has it that says nothing about it. */
    static ApplicationContextRunner untouched() {
        return new ApplicationContextRunner().withConfiguration(OURS);
    }

    static ApplicationContextRunner enabled() {
        return untouched().withPropertyValues("databricks.telemetry.enabled=true");
    }

    /** With these environment variables instead of the real ones. */
    static ApplicationContextRunner withEnvironment(ApplicationContextRunner runner, Map<String, Object> variables) {
        return runner.withInitializer(context -> context.getEnvironment()
                .getPropertySources()
                .replace(
                        SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables)));
    }

    /**
     * As ahead-of-time processing leaves an application: when the conditions were asked, nothing spoke against
     * telemetry; when the application runs, these properties do.
     */
    static ApplicationContextRunner frozenThen(Map<String, Object> atRunTime) {
        return enabled()
                .withInitializer(context -> context.addBeanFactoryPostProcessor(beanFactory -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new MapPropertySource("run time", atRunTime))));
    }
}
