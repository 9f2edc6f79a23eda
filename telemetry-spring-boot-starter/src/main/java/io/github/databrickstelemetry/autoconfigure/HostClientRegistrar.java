package io.github.databrickstelemetry.autoconfigure;

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
 * One {@code TelemetryClient} bean for each entry under {@code databricks.telemetry.hosts}, named
 * {@code <name>TelemetryClient}. A bean of that name which is there already stays.
 *
 * <p>The beans are there whether or not telemetry is enabled: an application that injects one must start all the same
 * when somebody sets the kill switch. They are plain definitions with a constructor argument, which ahead-of-time
 * processing can write down.
 */
final class HostClientRegistrar implements ImportBeanDefinitionRegistrar {

    private final Environment environment;

    HostClientRegistrar(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
        for (String name : names()) {
            RootBeanDefinition client = new RootBeanDefinition(HostTelemetryClient.class);
            client.getConstructorArgumentValues().addIndexedArgumentValue(0, name);
            register(beanName(name), client, registry);
        }
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

    static String beanName(String name) {
        return name + "TelemetryClient";
    }

    private static void register(String beanName, RootBeanDefinition definition, BeanDefinitionRegistry registry) {
        if (!registry.containsBeanDefinition(beanName)) {
            definition.setLazyInit(true);
            registry.registerBeanDefinition(beanName, definition);
        }
    }
}
