package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.properties.TelemetryProperties;
import io.github.databrickstelemetry.properties.TelemetrySwitch;
import io.github.databrickstelemetry.properties.UniformName;
import java.util.Map;
import java.util.Set;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Registers a {@code TelemetryClient} bean for each entry under {@code databricks.telemetry.hosts}, named
 * {@code <name>TelemetryClient}. While telemetry is off, it is a client that does nothing. A bean definition of that name
 * which exists already stays.
 */
final class HostClientRegistrar implements ImportBeanDefinitionRegistrar {

    /** The bean of {@link DatabricksTelemetryAutoConfiguration} that makes the clients. */
    private static final String FACTORY = "databricksTelemetryHostClients";

    private final Environment environment;

    HostClientRegistrar(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
        boolean on = registry.containsBeanDefinition(FACTORY);
        for (String name : names()) {
            String beanName = name + "TelemetryClient";
            if (!registry.containsBeanDefinition(beanName)) {
                registry.registerBeanDefinition(beanName, definition(name, on));
            }
        }
    }

    private static RootBeanDefinition definition(String name, boolean on) {
        RootBeanDefinition definition =
                new RootBeanDefinition(on ? TelemetryClient.class : DisabledTelemetryClient.class);
        if (on) {
            definition.setFactoryBeanName(FACTORY);
            definition.setFactoryMethodName("client");
        }
        definition.getConstructorArgumentValues().addIndexedArgumentValue(0, name);
        definition.setLazyInit(true);
        return definition;
    }

    private Set<String> names() {
        try {
            return UniformName.distinct(Binder.get(environment)
                            .bind(TelemetryProperties.PREFIX + ".hosts", Bindable.mapOf(String.class, Object.class))
                            .orElseGet(Map::of))
                    .keySet();
        } catch (BindException unreadable) {
            if (TelemetrySwitch.isOn(environment)) {
                throw unreadable;
            }
            return Set.of();
        }
    }
}
