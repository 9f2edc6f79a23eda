package io.github.databrickstelemetry.jdbc.datasource;

import io.github.databrickstelemetry.client.TelemetryClientProvider;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.Scope;
import org.springframework.util.ClassUtils;

/** What the bean factory says about data source beans. Looks at definitions and at singletons that are there; creates none. */
final class DataSourceBeans {

    private final ConfigurableListableBeanFactory factory;

    DataSourceBeans(ConfigurableListableBeanFactory factory) {
        this.factory = factory;
    }

    /** Data sources that are there already, by bean name. */
    Map<String, DataSource> singletons() {
        Map<String, DataSource> singletons = new LinkedHashMap<>();
        for (String name : factory.getBeanNamesForType(DataSource.class, false, false)) {
            if (factory.getSingleton(name) instanceof DataSource early) {
                singletons.put(name, early);
            }
        }
        return singletons;
    }

    /** Whether a bean is declared by an interface, so that others inject it by that. */
    boolean isDeclaredByInterface(String name) {
        Class<?> declared = factory.containsBeanDefinition(name)
                ? factory.getMergedBeanDefinition(name).getResolvableType().resolve()
                : null;
        return declared != null && declared.isInterface();
    }

    /** Some scopes warn of a bean that wants to be destroyed; so only those may that would without us. */
    boolean isDestroyedAnyway(Object bean, String name) {
        return !factory.containsBeanDefinition(name)
                || factory.isSingleton(name)
                || bean instanceof AutoCloseable
                || bean instanceof DisposableBean
                || ClassUtils.hasMethod(bean.getClass(), "close")
                || ClassUtils.hasMethod(bean.getClass(), "shutdown");
    }

    /**
     * Has a bean destroyed before the telemetry clients: pools close their connections at their end, which is to be
     * reported still.
     */
    void closeBeforeClients(String name) {
        if (factory.containsBeanDefinition(name)) {
            String closer = closerOf(name);
            for (String clients : factory.getBeanNamesForType(TelemetryClientProvider.class, true, false)) {
                factory.registerDependentBean(clients, closer);
            }
        }
    }

    /** The bean whose destruction closes it: itself, or its scope where that is a bean, as the refresh scope is. */
    private String closerOf(String name) {
        String scopeName = factory.getMergedBeanDefinition(name).getScope();
        Scope scope = scopeName == null ? null : factory.getRegisteredScope(scopeName);
        if (scope != null) {
            for (String bean : factory.getBeanNamesForType(scope.getClass(), false, false)) {
                if (factory.getSingleton(bean) == scope) {
                    return bean;
                }
            }
        }
        return name;
    }
}
