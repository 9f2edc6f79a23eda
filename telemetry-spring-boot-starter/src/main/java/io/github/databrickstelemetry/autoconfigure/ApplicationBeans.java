package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.client.TelemetryListener;
import io.github.databrickstelemetry.export.TelemetryExporter;
import io.github.databrickstelemetry.properties.TelemetrySettings;
import io.github.databrickstelemetry.properties.TelemetrySettings.BearerToken;
import io.github.databrickstelemetry.properties.TelemetrySettings.HostSettings;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.workspace.CredentialSource;
import io.github.databrickstelemetry.workspace.WorkspaceHost;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * The application's own beans that the engine uses: credentials, listeners and additional exporters. Thread-safe.
 *
 * <p>They are looked up once all singletons exist. The first data source needs the engine, and a listener may need a data
 * source, so an earlier look-up would be circular. Until then there are no credentials, and metrics wait.
 */
final class ApplicationBeans implements SmartInitializingSingleton {

    private final TelemetrySettings settings;
    private final ConfigurableListableBeanFactory beanFactory;
    private final Guard guard;
    private volatile List<TelemetryCredentials> credentials = List.of();

    ApplicationBeans(TelemetrySettings settings, ConfigurableListableBeanFactory beanFactory, Guard guard) {
        this.settings = settings;
        this.beanFactory = beanFactory;
        this.guard = guard;
    }

    /** @throws RuntimeException if the properties name a data source that does not exist */
    @Override
    public void afterSingletonsInstantiated() {
        new DataSourceNames(settings, beanFactory).check();
        guard.run("credentials beans", () -> credentials = ownBeans(TelemetryCredentials.class));
        ObjectProvider<TelemetryClientProvider> provider = beanFactory.getBeanProvider(TelemetryClientProvider.class);
        guard.run(
                "exporter beans",
                () -> ownBeans(TelemetryExporter.class)
                        .forEach(exporter -> provider.ifAvailable(engine -> engine.addExporter(exporter))));
        guard.run(
                "listener beans",
                () -> ownBeans(TelemetryListener.class)
                        .forEach(listener -> provider.ifAvailable(engine -> engine.addListener(listener))));
    }

    /** The beans of a type. They are destroyed after the engine, whose last flush still uses them. */
    private <T> List<T> ownBeans(Class<T> type) {
        List<T> beans = beanFactory.getBeanProvider(type).orderedStream().toList();
        for (String engine : beanFactory.getBeanNamesForType(TelemetryClientProvider.class, true, false)) {
            Set<String> usersOfEngine = new HashSet<>();
            addDependents(engine, usersOfEngine);
            for (String name : names(type)) {
                // A bean that uses the engine itself is destroyed before it.
                if (!usersOfEngine.contains(name)) {
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

    private String[] names(Class<?> type) {
        return BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beanFactory, type, true, false);
    }

    /**
     * The credentials of a client: the token of its host, else the data source's own, else those of the application's
     * beans, else none. Creates no bean.
     *
     * @param own the data source's own credentials, or null if telemetry cannot use them
     * @param name passed to the application's bean
     */
    CredentialSource credentials(
            HostSettings host, WorkspaceHost address, @Nullable CredentialSource own, String name) {
        CredentialSource chosen = host.token() == null ? own : host.token();
        if (chosen != null) {
            return chosen;
        }
        return names(TelemetryCredentials.class).length == 0
                ? CredentialSource.NONE
                : new BearerToken("bean." + name, () -> bearerToken(address.key(), name));
    }

    /** The first token that a bean has for this host now, or null. */
    private @Nullable String bearerToken(String host, String name) {
        for (TelemetryCredentials source : credentials) {
            String token = source.bearerToken(host, name);
            if (token != null) {
                return token;
            }
        }
        return null;
    }
}
