package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.event.TelemetryEventEmitter;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;

/**
 * The client of an entry under {@code hosts}, as applications inject it. Thread-safe. It asks the engine for the real
 * one when it is first used, so that injecting it costs nothing; while telemetry is off it is inert.
 */
final class HostTelemetryClient implements TelemetryClient, DisposableBean {

    private final String name;
    private final ObjectProvider<HostClients> clients;
    private volatile @Nullable TelemetryClient delegate;

    HostTelemetryClient(String name, ObjectProvider<HostClients> clients) {
        this.name = name;
        this.clients = clients;
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
        HostClients source = clients.getIfAvailable();
        if (source != null && acquired != null) {
            source.release(acquired);
        }
    }

    private TelemetryClient delegate() {
        TelemetryClient client = delegate;
        return client != null ? client : acquire();
    }

    private synchronized TelemetryClient acquire() {
        TelemetryClient client = delegate;
        if (client == null) {
            HostClients source = clients.getIfAvailable();
            client = source == null ? new InertTelemetryClient(name) : source.acquire(name);
            delegate = client;
        }
        return client;
    }
}
