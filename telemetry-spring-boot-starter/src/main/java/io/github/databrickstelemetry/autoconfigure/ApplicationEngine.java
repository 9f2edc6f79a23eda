package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.client.HostTotals;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.client.TelemetryListener;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The engine of an application, which is made with its first client: the start of an application should not wait for it.
 * No bean is asked for then, as the first connection may be opened on any thread at any time. Thread-safe.
 */
final class ApplicationEngine implements TelemetryClientProvider {

    private final EngineMaker maker;
    private final List<TelemetryListener> waiting = new ArrayList<>();
    private @Nullable TelemetryClientProvider engine;
    private boolean closed;

    ApplicationEngine(EngineMaker maker) {
        this.maker = maker;
    }

    @Override
    public TelemetryClient acquire(TelemetryTarget target) {
        return engine().acquire(target);
    }

    private synchronized TelemetryClientProvider engine() {
        if (engine == null) {
            engine = maker.make();
            waiting.forEach(engine::addListener);
            waiting.clear();
            if (closed) {
                engine.close();
            }
        }
        return engine;
    }

    private synchronized @Nullable TelemetryClientProvider engineIfMade() {
        return engine;
    }

    @Override
    public void release(TelemetryClient client) {
        TelemetryClientProvider made = engineIfMade();
        if (made != null) {
            made.release(client);
        }
    }

    @Override
    public List<TelemetryClient> clients() {
        TelemetryClientProvider made = engineIfMade();
        return made == null ? List.of() : made.clients();
    }

    @Override
    public TelemetryClient acquireLazily(String host, Supplier<@Nullable TelemetryTarget> target) {
        return engine().acquireLazily(host, target);
    }

    @Override
    public List<HostTotals> totals() {
        TelemetryClientProvider made = engineIfMade();
        return made == null ? List.of() : made.totals();
    }

    @Override
    public long swallowed() {
        TelemetryClientProvider made = engineIfMade();
        return made == null ? 0 : made.swallowed();
    }

    @Override
    public synchronized void addListener(TelemetryListener listener) {
        if (engine == null) {
            waiting.add(listener);
        } else {
            engine.addListener(listener);
        }
    }

    @Override
    public void close() {
        TelemetryClientProvider made;
        synchronized (this) {
            closed = true;
            made = engine;
        }
        if (made != null) {
            made.close();
            maker.close();
        }
    }
}
