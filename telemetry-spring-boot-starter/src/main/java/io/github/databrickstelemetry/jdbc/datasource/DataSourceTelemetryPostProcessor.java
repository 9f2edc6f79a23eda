package io.github.databrickstelemetry.jdbc.datasource;

import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.BeanNameAware;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.core.Ordered;

/**
 * Instruments every data source that the {@link DataSourceResolver} knows, and leaves every other as it is. Thread-safe.
 * Nothing that goes wrong here reaches the application: the data source then stays as it was, and {@link #status()} says
 * why.
 *
 * <p>Meant for a static {@code @Bean} method. The resolver is asked for with the first data source, clients with the first
 * connection, so that no bean is created early, and none from a thread that initialises a data source in the background.
 */
public final class DataSourceTelemetryPostProcessor
        implements DestructionAwareBeanPostProcessor,
                SmartInitializingSingleton,
                BeanFactoryAware,
                BeanNameAware,
                DisposableBean,
                Ordered,
                DataSourceInstrumentation {

    /**
     * Before post-processors that put a lazy or other proxy around a data source (Spring Boot's has order 0), after all
     * those that complete its configuration (they are {@code PriorityOrdered}).
     */
    public static final int ORDER = -100;

    private final Guard guard;
    private final DataSourceInstrumenter instrumenter;
    private final DataSourceRegistry registry;

    /** Names of beans that were looked at before the start: others were created before there were post-processors. */
    private final Set<String> processed = ConcurrentHashMap.newKeySet();

    /** Beans between the two callbacks, by thread and name: others may have wrapped them in between. */
    private final Map<String, DataSource> initializing = new ConcurrentHashMap<>();

    private volatile boolean started;
    private String beanName = "";
    private DataSourceBeans beans = new DataSourceBeans(new DefaultListableBeanFactory());

    /**
     * Creates the post-processor.
     *
     * @param resolver gives the resolver, or null to instrument nothing; for example {@code ObjectProvider::getIfAvailable}
     * @param clients gives the provider of clients, or null to instrument nothing
     * @param guard counts what goes wrong here
     */
    public DataSourceTelemetryPostProcessor(
            Supplier<? extends @Nullable DataSourceResolver> resolver,
            Supplier<? extends @Nullable TelemetryClientProvider> clients,
            Guard guard) {
        this.guard = guard;
        this.instrumenter = new DataSourceInstrumenter(resolver, clients, guard);
        this.registry = instrumenter.registry();
    }

    @Override
    public int getOrder() {
        return ORDER;
    }

    @Override
    public void setBeanName(String name) {
        this.beanName = name;
    }

    @Override
    public void setBeanFactory(BeanFactory beanFactory) {
        if (beanFactory instanceof ConfigurableListableBeanFactory listable) {
            this.beans = new DataSourceBeans(listable);
        }
    }

    /** What became of every data source that is, or could be, instrumented; by bean name. */
    public List<DataSourceStatus> status() {
        return instrumenter.status();
    }

    /** The data source ends with the context, or when nothing refers to it any more. */
    @Override
    public DataSource instrument(String name, DataSource dataSource) {
        return instrumenter.instrument(Candidate.noBean(dataSource, name, dataSource, 0));
    }

    /** Pools that have not started, and data sources that stand before others: here the bean stays the same. */
    @Override
    public Object postProcessBeforeInitialization(Object bean, String beanName) {
        if (bean instanceof DataSource dataSource) {
            initializing.put(Thread.currentThread().getId() + " " + beanName, dataSource);
            guard.run("data source", () -> process(dataSource, dataSource, beanName, false, null));
        }
        return bean;
    }

    /** All others, and those that initialisation has completed. */
    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof DataSource dataSource) {
            DataSource raw = initializing.remove(Thread.currentThread().getId() + " " + beanName);
            try {
                return process(dataSource, raw, beanName, true, null);
            } catch (Throwable failure) {
                guard.swallowed("data source", failure);
            }
        }
        return bean;
    }

    /** Data sources that were created before there were post-processors. */
    @Override
    public void afterSingletonsInstantiated() {
        started = true;
        guard.run("early data sources", () -> {
            beans.singletons().forEach((name, early) -> {
                if (!processed.contains(name)) {
                    process(early, null, name, true, "created before post-processors were ready");
                }
            });
            processed.clear();
            // After the data sources, which report their end themselves.
            beans.closeBeforeClients(beanName);
        });
    }

    /**
     * @param raw the bean as it was before others wrapped it, or null if not known
     * @param isLast whether it is not looked at again
     * @param reasonAgainst why it cannot be replaced, whatever its class; null if there is no such reason
     */
    private DataSource process(
            DataSource dataSource,
            @Nullable DataSource raw,
            String name,
            boolean isLast,
            @Nullable String reasonAgainst) {
        if (!started) {
            processed.add(name);
        }
        // Spring destroys the bean itself, whatever proxy stands for it.
        Object target = raw == null ? AopProxyUtils.getSingletonTarget(dataSource) : raw;
        Object bean = target == null ? dataSource : target;
        DataSource result = instrumenter.instrument(new Candidate(
                dataSource,
                Delegates.behindProxies(raw == null ? dataSource : raw),
                ScopedProxyUtils.isScopedTarget(name) ? ScopedProxyUtils.getOriginalBeanName(name) : name,
                beans.isDestroyedAnyway(bean, name) ? bean : null,
                isLast,
                () -> reasonAgainst == null
                        ? DataSourceProxies.reasonAgainst(dataSource, beans.isDeclaredByInterface(name))
                        : reasonAgainst,
                0));
        if (registry.isOwner(bean)) {
            beans.closeBeforeClients(name);
        }
        return result;
    }

    @Override
    public boolean requiresDestruction(Object bean) {
        return bean instanceof DataSource && registry.isOwner(bean);
    }

    /** The bean is about to be closed: its reference to a client is given back after its last session has closed. */
    @Override
    public void postProcessBeforeDestruction(Object bean, String beanName) {
        // So it is named when a bean is initialised anew, as Spring Cloud does: no pool is closed then.
        boolean reinitialized = beanName.equals(bean.getClass().getName()) && !(bean instanceof DisposableBean);
        if (bean instanceof DataSource && !reinitialized) {
            guard.run("data source end", () -> registry.end(bean));
        }
    }

    /** Before the clients close: reports the end of sessions whose pool closes later, or unseen. */
    @Override
    public void destroy() {
        guard.run("data source end", () -> registry.endAll());
    }
}
