package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.config.TransportSettings;
import io.github.databrickstelemetry.engine.internal.ClientReference;
import io.github.databrickstelemetry.jdbc.databricks.WorkspaceIds;
import io.github.databrickstelemetry.properties.TelemetryProperties;
import io.github.databrickstelemetry.properties.TelemetrySettings;
import io.github.databrickstelemetry.properties.TelemetrySettings.HostSettings;
import io.github.databrickstelemetry.properties.UniformName;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.WorkspaceHost;
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

/** Makes the {@code TelemetryClient} beans of the entries under {@code hosts}. Thread-safe. */
final class HostClients {

    private final TelemetrySettings settings;
    private final ApplicationBeans application;
    private final TelemetryClientProvider provider;

    HostClients(TelemetrySettings settings, ApplicationBeans application, TelemetryClientProvider provider) {
        this.settings = settings;
        this.application = application;
        this.provider = provider;
    }

    /** The client of an entry. It is acquired with its first use, and does nothing if the entry is disabled. */
    TelemetryClient client(String name) {
        HostSettings host = settings.host(name);
        WorkspaceHost address = host.address();
        // Without an entry if telemetry is switched off at run time only.
        return address == null
                ? ClientReference.disabled(name)
                : provider.acquireLazily(address.key(), () -> host.enabled() ? target(name, host, address) : null);
    }

    private TelemetryTarget target(String name, HostSettings host, WorkspaceHost address) {
        Long workspaceId = host.workspaceId();
        return new TelemetryTarget(
                address,
                false,
                application.credentials(host, address, null, name),
                host.transport(TransportSettings.DIRECT),
                workspaceId == null ? WorkspaceIds.workspaceId(null, address.host()) : workspaceId,
                null,
                host.settings());
    }

    /**
     * Registers a {@code TelemetryClient} bean for each entry, named {@code <name>TelemetryClient}. While telemetry is off,
     * it is a client that does nothing. A bean definition of that name which exists already stays.
     */
    static final class Registrar implements ImportBeanDefinitionRegistrar {

        /** The bean of {@link DatabricksTelemetryAutoConfiguration} that makes the clients. */
        private static final String FACTORY = "databricksTelemetryHostClients";

        private final Environment environment;

        Registrar(Environment environment) {
            this.environment = environment;
        }

        @Override
        public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
            boolean on = registry.containsBeanDefinition(FACTORY);
            for (String name : names(on)) {
                String beanName = name + "TelemetryClient";
                if (!registry.containsBeanDefinition(beanName)) {
                    registry.registerBeanDefinition(beanName, definition(name, on));
                }
            }
        }

        private static RootBeanDefinition definition(String name, boolean on) {
            RootBeanDefinition definition = new RootBeanDefinition(on ? TelemetryClient.class : ClientReference.class);
            definition.setFactoryBeanName(on ? FACTORY : null);
            definition.setFactoryMethodName(on ? "client" : "disabled");
            definition.getConstructorArgumentValues().addIndexedArgumentValue(0, name);
            definition.setLazyInit(true);
            return definition;
        }

        private Set<String> names(boolean on) {
            try {
                return UniformName.distinct(Binder.get(environment)
                                .bind(TelemetryProperties.PREFIX + ".hosts", Bindable.mapOf(String.class, Object.class))
                                .orElseGet(Map::of))
                        .keySet();
            } catch (BindException unreadable) {
                if (on) {
                    throw unreadable;
                }
                return Set.of();
            }
        }
    }
}
