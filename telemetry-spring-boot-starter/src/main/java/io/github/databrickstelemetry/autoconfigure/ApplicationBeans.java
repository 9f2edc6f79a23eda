package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.client.TelemetryListener;
import io.github.databrickstelemetry.export.TelemetryExporter;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * What the application brings along: credentials, listeners, additional exporters, and the data sources that the
 * properties name. Thread-safe.
 *
 * <p>Listeners and exporters are looked for once all singletons are there, credentials as early as they can be had. The
 * engine is needed by the first data source, and a listener may well need a data source itself: asked for any earlier,
 * the two would wait for each other.
 */
final class ApplicationBeans {

    private final TelemetrySettings settings;
    private final ConfigurableListableBeanFactory beanFactory;
    private volatile List<TelemetryExporter> exporters = List.of();
    private volatile List<TelemetryCredentials> credentials = List.of();

    ApplicationBeans(TelemetrySettings settings, ConfigurableListableBeanFactory beanFactory) {
        this.settings = settings;
        this.beanFactory = beanFactory;
    }

    /** All singletons are there. */
    void find() {
        if (!settings.dataSourceNames().isEmpty()) {
            new DataSourceNames(settings, beanFactory).check();
        }
        credentials = ownBeans(TelemetryCredentials.class);
        exporters = ownBeans(TelemetryExporter.class);
        List<TelemetryListener> listeners = ownBeans(TelemetryListener.class);
        if (!listeners.isEmpty()) {
            beanFactory
                    .getBeanProvider(TelemetryClientProvider.class)
                    .ifAvailable(provider -> listeners.forEach(provider::addListener));
        }
    }

    /** The beans of a type that are closed after the engine, whose last flush still needs them. */
    private <T> List<T> ownBeans(Class<T> type) {
        String[] names = BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beanFactory, type, true, false);
        if (names.length == 0) {
            return List.of();
        }
        List<T> beans = beans(type);
        for (String engine : beanFactory.getBeanNamesForType(TelemetryClientProvider.class, true, false)) {
            // Who needs the engine is closed before it all the same.
            Set<String> before = new HashSet<>();
            addDependents(engine, before);
            for (String name : names) {
                if (!before.contains(name)) {
                    beanFactory.registerDependentBean(name, engine);
                }
            }
        }
        return beans;
    }

    private void addDependents(String bean, Set<String> dependents) {
        if (dependents.add(bean)) {
            for (String dependent : beanFactory.getDependentBeans(bean)) {
                addDependents(dependent, dependents);
            }
        }
    }

    /** Exporters that get every batch after the service did. */
    List<TelemetryExporter> exporters() {
        return exporters;
    }

    /** Whether the application has credentials of its own; creates no bean. */
    boolean hasCredentials() {
        return BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beanFactory, TelemetryCredentials.class, true, false)
                        .length
                > 0;
    }

    /** Has the credentials made now unless they are still waiting for something themselves. */
    void prepareCredentials() {
        if (credentials.isEmpty()) {
            try {
                credentials = beans(TelemetryCredentials.class);
            } catch (BeansException later) {
                // They need a data source that is being made at this moment. Until the start is over, there are none.
                credentials = List.of();
            }
        }
    }

    /** The first token that one of the application's beans has for this host, or null. */
    @Nullable
    String bearerToken(String host, String name) {
        for (TelemetryCredentials source : credentials) {
            String token = source.bearerToken(host, name);
            if (token != null) {
                return token;
            }
        }
        return null;
    }

    private <T> List<T> beans(Class<T> type) {
        return beanFactory.getBeanProvider(type).orderedStream().toList();
    }
}
