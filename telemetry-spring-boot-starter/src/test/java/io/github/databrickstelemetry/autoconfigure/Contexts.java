package io.github.databrickstelemetry.autoconfigure;

import java.util.Map;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.MapPropertySource;

/** Application contexts with this library's auto-configurations, and nothing else. */
final class Contexts {

    private static final AutoConfigurations OURS = AutoConfigurations.of(
            DatabricksTelemetryAutoConfiguration.class,
            DatabricksTelemetryHostsAutoConfiguration.class,
            DatabricksTelemetryJdbcAutoConfiguration.class,
            DatabricksTelemetryBoot3HealthAutoConfiguration.class,
            DatabricksTelemetryEndpointAutoConfiguration.class,
            DatabricksTelemetryMetricsAutoConfiguration.class);

    private Contexts() {}

    /** Telemetry as an application has it that says nothing about it. */
    static ApplicationContextRunner untouched() {
        return new ApplicationContextRunner().withConfiguration(OURS);
    }

    static ApplicationContextRunner enabled() {
        return untouched().withPropertyValues("databricks.telemetry.enabled=true");
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
