package io.github.databrickstelemetry.jdbc.datasource;

import static io.github.databrickstelemetry.jdbc.datasource.DataSourceInstrumenter.Occasion.AFTER_INITIALIZATION;
import static io.github.databrickstelemetry.jdbc.datasource.DataSourceInstrumenter.Occasion.BEFORE_INITIALIZATION;
import static io.github.databrickstelemetry.jdbc.datasource.DataSourceInstrumenter.Occasion.TOO_LATE;

import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceInstrumenter.Occasion;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;
import org.springframework.beans.factory.config.Scope;
import org.springframework.core.Ordered;
import org.springframework.util.ClassUtils;

/**
 * Puts every data source that the {@link DataSourceResolver} knows under observation, and leaves every other as it is.
 * Thread-safe. Nothing that goes wrong here reaches the application: the data source then stays as it was, and
 * {@link #status()} says why.
 *
 * <p>Meant for a static {@code @Bean} method: the collaborators are asked for with the first data source, so that no bean
 * is created early. They have to be at hand without a data source.
 */
public final class DataSourceTelemetryPostProcessor
        implements DestructionAwareBeanPostProcessor, SmartInitializingSingleton, BeanFactoryAware, Ordered {

    /**
     * Before post-processors that put a lazy or other proxy around a data source (Spring Boot's has order 0), after all
     * those that complete its configuration (they are {@code PriorityOrdered}).
     */
    public static final int ORDER = -100;

    private final Guard guard = new Guard(LoggerFactory.getLogger(DataSourceTelemetryPostProcessor.class));
    private final DataSourceInstrumenter instrumenter;
    private final Set<String> processedAtStart = ConcurrentHashMap.newKeySet();
    private final WeakIdentityMap<Object, Boolean> neverDestroyed = new WeakIdentityMap<>();
    private volatile boolean starting = true;
    private @Nullable ConfigurableListableBeanFactory beanFactory;

    /**
     * @param resolver gives the resolver, or null to observe nothing; for example {@code ObjectProvider::getIfAvailable}
     * @param clients gives the provider of clients, or null to observe nothing
     */
    public DataSourceTelemetryPostProcessor(
            Supplier<? extends @Nullable DataSourceResolver> resolver,
            Supplier<? extends @Nullable TelemetryClientProvider> clients) {
        this.instrumenter = new DataSourceInstrumenter(
                resolver, clients, DataSourceTelemetryPostProcessor.class.getClassLoader(), guard);
    }

    @Override
    public int getOrder() {
        return ORDER;
    }

    @Override
    public void setBeanFactory(BeanFactory beanFactory) {
        if (beanFactory instanceof ConfigurableListableBeanFactory listable) {
            this.beanFactory = listable;
        }
    }

    /** What became of every data source that is, or could be, observed; by bean name. */
    public List<DataSourceStatus> status() {
        List<DataSourceStatus> sorted = new ArrayList<>(instrumenter.status());
        sorted.sort(Comparator.comparing(DataSourceStatus::beanName).thenComparing(DataSourceStatus::toString));
        return List.copyOf(sorted);
    }

    /** Pools that have not started, and what stands before other data sources: here the bean stays the same. */
    @Override
    public Object postProcessBeforeInitialization(Object bean, String beanName) {
        if (bean instanceof DataSource dataSource) {
            try {
                process(dataSource, beanName, BEFORE_INITIALIZATION);
            } catch (Throwable failure) {
                guard.swallowed("data source post-processing", failure);
            }
        }
        return bean;
    }

    /** All others, and those that initialisation has completed. */
    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof DataSource dataSource) {
            try {
                return process(dataSource, beanName, AFTER_INITIALIZATION);
            } catch (Throwable failure) {
                guard.swallowed("data source post-processing", failure);
            }
        }
        return bean;
    }

    /** Data sources that were created before there were post-processors. */
    @Override
    public void afterSingletonsInstantiated() {
        starting = false;
        try {
            ConfigurableListableBeanFactory factory = beanFactory;
            if (factory != null) {
                for (String name : factory.getBeanNamesForType(DataSource.class, false, false)) {
                    if (!processedAtStart.contains(name) && factory.getSingleton(name) instanceof DataSource early) {
                        process(early, name, TOO_LATE);
                    }
                }
            }
        } catch (Throwable failure) {
            guard.swallowed("early data sources", failure);
        }
        processedAtStart.clear();
    }

    private DataSource process(DataSource dataSource, String registeredName, Occasion occasion) {
        if (starting) {
            processedAtStart.add(registeredName);
        }
        String beanName = ScopedProxyUtils.isScopedTarget(registeredName)
                ? ScopedProxyUtils.getOriginalBeanName(registeredName)
                : registeredName;
        neverDestroyed.removeCollected();
        // Spring destroys the bean itself, whatever proxy stands for it.
        Object target = AopProxyUtils.getSingletonTarget(dataSource);
        Object owner = target == null ? dataSource : target;
        DataSource result = instrumenter.instrument(dataSource, beanName, owner, occasion);
        if (instrumenter.hasEnding(owner)) {
            closeBeforeClients(registeredName);
            if (!isDestroyedAnyway(owner, registeredName)) {
                neverDestroyed.putIfAbsent(owner, true);
            }
        }
        return result;
    }

    /** Some scopes warn of a bean that wants to be destroyed; so only those may that would without us. */
    private boolean isDestroyedAnyway(Object bean, String name) {
        ConfigurableListableBeanFactory factory = beanFactory;
        return factory == null
                || !factory.containsBeanDefinition(name)
                || factory.isSingleton(name)
                || bean instanceof AutoCloseable
                || bean instanceof DisposableBean
                || ClassUtils.hasMethod(bean.getClass(), "close")
                || ClassUtils.hasMethod(bean.getClass(), "shutdown");
    }

    /** Pools close their connections when they are destroyed, which is to be reported still. */
    private void closeBeforeClients(String dataSourceName) {
        ConfigurableListableBeanFactory factory = beanFactory;
        if (factory != null && factory.containsBeanDefinition(dataSourceName)) {
            String closer = closerOf(dataSourceName, factory);
            for (String name : factory.getBeanNamesForType(TelemetryClientProvider.class, true, false)) {
                factory.registerDependentBean(name, closer);
            }
        }
    }

    /** The bean whose destruction closes it: itself, or its scope where that is a bean, as the refresh scope is. */
    private static String closerOf(String dataSourceName, ConfigurableListableBeanFactory factory) {
        String scopeName = factory.getMergedBeanDefinition(dataSourceName).getScope();
        Scope scope = scopeName == null ? null : factory.getRegisteredScope(scopeName);
        if (scope != null) {
            for (String name : factory.getBeanNamesForType(scope.getClass(), false, false)) {
                if (factory.getSingleton(name) == scope) {
                    return name;
                }
            }
        }
        return dataSourceName;
    }

    @Override
    public boolean requiresDestruction(Object bean) {
        return bean instanceof DataSource && instrumenter.hasEnding(bean) && neverDestroyed.get(bean) == null;
    }

    /** The bean is about to be closed: its reference to a client is given back after its last session has closed. */
    @Override
    public void postProcessBeforeDestruction(Object bean, String beanName) {
        if (bean instanceof DataSource) {
            guard.run("data source end", () -> instrumenter.ending(bean));
        }
    }
}
