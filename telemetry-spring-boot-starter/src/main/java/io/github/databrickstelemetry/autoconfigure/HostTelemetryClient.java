package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.event.TelemetryEventEmitter;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanCreationNotAllowedException;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;

/**
 * The client of an entry under {@code hosts}, as applications inject it. Thread-safe. It asks the engine for the real
 * one when it is first used, so that injecting it costs nothing; while telemetry is off, and once the application ends, it
 * is inert.
 */
final class HostTelemetryClient implements TelemetryClient, DisposableBean {

    private final String name;
    private final ObjectProvider<HostClients> clients;
    private volatile @Nullable TelemetryClient delegate;
    private @Nullable HostClients source;

    HostTelemetryClient(String name, ObjectProvider<HostClients> clients, ConfigurableBeanFactory beanFactory) {
        this.name = name;
        this.clients = clients;
        // At the end of the application, first whoever may still report something, then this, and the engine last.
        beanFactory.registerDependentBean(HostClients.BEAN_NAME, HostClientRegistrar.beanName(name));
    }

    @Override
    public String host() {
        return delegate().host();
    }

    @Override
    public TelemetryEventEmitter emitter() {
        return delegate().emitter();
    }

    @Override
    public TelemetryStatistics statistics() {
        return delegate().statistics();
    }

    @Override
    public void flush() {
        delegate().flush();
    }

    @Override
    public void pause() {
        delegate().pause();
    }

    @Override
    public void resume() {
        delegate().resume();
    }

    @Override
    public void destroy() {
        TelemetryClient acquired;
        HostClients from;
        synchronized (this) {
            acquired = delegate;
            from = source;
            delegate = new InertTelemetryClient(name);
            source = null;
        }
        if (acquired != null && from != null) {
            from.release(acquired);
        }
    }

    private TelemetryClient delegate() {
        TelemetryClient client = delegate;
        return client != null ? client : acquire();
    }

    private synchronized TelemetryClient acquire() {
        TelemetryClient client = delegate;
        if (client == null) {
            source = available();
            client = source == null ? new InertTelemetryClient(name) : source.acquire(name);
            delegate = client;
        }
        return client;
    }

    private @Nullable HostClients available() {
        try {
            return clients.getIfAvailable();
        } catch (BeanCreationNotAllowedException ending) {
            return null;
        }
    }
}
