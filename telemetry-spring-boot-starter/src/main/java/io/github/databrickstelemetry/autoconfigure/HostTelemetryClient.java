package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.event.TelemetryEventEmitter;
import io.github.databrickstelemetry.runtime.internal.Guard;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
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
    private final @Nullable HostClients clients;
    private final Guard guard = new Guard(LoggerFactory.getLogger(HostTelemetryClient.class));
    private volatile @Nullable TelemetryClient delegate;

    /** @param clients has none while telemetry is off */
    HostTelemetryClient(String name, ObjectProvider<HostClients> clients, ConfigurableBeanFactory beanFactory) {
        this.name = name;
        this.clients = clients.getIfAvailable();
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
        synchronized (this) {
            acquired = delegate;
            delegate = new InertTelemetryClient(name);
        }
        if (acquired != null && clients != null) {
            clients.release(acquired);
        }
    }

    private TelemetryClient delegate() {
        TelemetryClient client = delegate;
        return client != null ? client : acquire();
    }

    private synchronized TelemetryClient acquire() {
        TelemetryClient client = delegate;
        if (client == null) {
            client = acquired();
            delegate = client;
        }
        return client;
    }

    private TelemetryClient acquired() {
        try {
            if (clients != null) {
                return clients.acquire(name);
            }
        } catch (Throwable failure) {
            guard.swallowed("acquiring a client", failure);
        }
        return new InertTelemetryClient(name);
    }
}
