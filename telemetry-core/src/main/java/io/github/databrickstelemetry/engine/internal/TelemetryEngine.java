package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.client.HostTotals;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.client.TelemetryListener;
import io.github.databrickstelemetry.config.EngineSettings;
import io.github.databrickstelemetry.config.HttpSettings;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.WorkspaceHost;
import io.github.databrickstelemetry.workspace.internal.HostValidator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine: one queue and one worker for all clients. Made by a {@link TelemetryEngineBuilder}. Thread-safe.
 *
 * <p>It has no thread until the first client is acquired, and none after {@link #close()}. The settings of a client are
 * those of the target that was first acquired for its host and principal. After the engine has closed, acquired clients
 * take no events.
 */
public final class TelemetryEngine implements TelemetryClientProvider {

    private static final Logger logger = LoggerFactory.getLogger(TelemetryEngine.class);

    /** Two principals on one host are two clients; the credentials themselves rotate and are no part of it. */
    private record Key(WorkspaceHost host, String principal) {
        static Key of(TelemetryTarget target) {
            return new Key(target.host(), target.credentials().identity());
        }
    }

    private static final class Held {
        final EngineClient client;
        int references;

        Held(EngineClient client) {
            this.client = client;
        }
    }

    private final EngineSettings settings;
    private final TelemetryEngineBuilder parts;
    private final Guard guard = new Guard(logger);
    private final Listeners listeners = new Listeners(guard);

    private final ClientFactory factory;

    private final Object lock = new Object();
    private final Map<Key, Held> held = new HashMap<>();
    private boolean started;
    private boolean closed;

    /** Also those that are closing. */
    private final Set<EngineClient> live = ConcurrentHashMap.newKeySet();

    private final TotalsByHost totals = new TotalsByHost();

    TelemetryEngine(TelemetryEngineBuilder parts) {
        this.settings = parts.settings;
        this.parts = parts;
        this.factory = new ClientFactory(parts, listeners, guard);
    }

    /** Begins to put an engine together. */
    public static TelemetryEngineBuilder builder() {
        return new TelemetryEngineBuilder();
    }

    @Override
    public TelemetryClient acquire(TelemetryTarget target) {
        EngineClient client = acquireClient(target);
        return client == null
                ? new ClientReference(target.host().key(), () -> null, guard)
                : new ClientReference(client, guard);
    }

    @Override
    public TelemetryClient acquireLazily(String host, Supplier<@Nullable TelemetryTarget> target) {
        return new ClientReference(
                host,
                () -> {
                    TelemetryTarget found = target.get();
                    return found == null ? null : acquireClient(found);
                },
                guard);
    }

    /** One more reference to the client of the target; null after the engine has closed. */
    private @Nullable EngineClient acquireClient(TelemetryTarget target) {
        synchronized (lock) {
            if (closed) {
                return null;
            }
            Held holder = held.get(Key.of(target));
            if (holder == null) {
                holder = new Held(factory.create(target));
                held.put(Key.of(target), holder);
                open(holder.client);
            }
            holder.references++;
            startWorker();
            return holder.client;
        }
    }

    private void open(EngineClient client) {
        live.add(client);
        boolean refused = isRefused(client.parts().target());
        client.parts().intake().refuse(refused);
        TelemetryWorker worker = worker();
        worker.post(() -> {
            if (!refused) {
                client.parts().flag().open();
            }
            worker.add(client.pipeline());
            worker.lookAtFlags();
            listeners.opened(client.view());
        });
    }

    /** A machine may be out of threads: then clients wait, and whoever acquires one next has it tried again. */
    private void startWorker() {
        if (!started) {
            guard.run("starting the worker", () -> {
                worker().start(parts.workerThreads);
                started = true;
            });
        }
    }

    private TelemetryWorker worker() {
        return factory.worker();
    }

    /** What can be told of a host without I/O is told at once; the rest shows at the first export. */
    private static boolean isRefused(TelemetryTarget target) {
        HttpSettings http = target.settings().export().http();
        return new HostValidator().check(target.host(), http.allowPrivateHosts(), http.allowHttp()) != null;
    }

    @Override
    public void release(TelemetryClient client) {
        EngineClient last = null;
        synchronized (lock) {
            EngineClient ours = client instanceof ClientReference reference ? reference.release() : null;
            if (ours != null) {
                Key key = Key.of(ours.parts().target());
                Held holder = held.get(key);
                if (holder != null && holder.client == ours && --holder.references == 0) {
                    held.remove(key);
                    last = ours;
                }
            }
        }
        if (last != null) {
            EngineClient closing = last;
            closing.parts().intake().close();
            long deadline = parts.clock.nanoTime() + settings.closeTimeout().toNanos();
            worker().post(() -> beginClose(closing, deadline));
        }
    }

    private void beginClose(EngineClient client, long deadlineNanos) {
        client.pipeline().beginClose(deadlineNanos, () -> {
            client.snapshot();
            retire(client);
        });
    }

    private void retire(EngineClient client) {
        synchronized (totals) {
            if (live.remove(client)) {
                totals.retire(client.last());
            }
        }
    }

    @Override
    public List<TelemetryClient> clients() {
        return live.stream().map(EngineClient::view).toList();
    }

    @Override
    public List<HostTotals> totals() {
        worker().answers(() -> live.forEach(EngineClient::snapshot));
        synchronized (totals) {
            return totals.with(live.stream().map(EngineClient::last).toList());
        }
    }

    @Override
    public long swallowed() {
        return guard.count();
    }

    @Override
    public void addListener(TelemetryListener listener) {
        listeners.add(listener);
    }

    @Override
    public void close() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            held.clear();
            if (!started) {
                live.forEach(this::closeWithoutWorker);
                return;
            }
        }
        guard.run("close", this::closeAll);
    }

    private void closeWithoutWorker(EngineClient client) {
        client.parts().intake().close();
        client.snapshot();
        retire(client);
    }

    private void closeAll() throws InterruptedException {
        long timeout = settings.closeTimeout().toNanos();
        // The worker gives up a little earlier than we do, so that its last accounts are complete.
        long margin = Math.min(timeout / 8, TimeUnit.MILLISECONDS.toNanos(100));
        long deadline = parts.clock.nanoTime() + timeout - margin;
        List<EngineClient> closing = List.copyOf(live);
        for (EngineClient client : closing) {
            client.parts().intake().close();
        }
        CountDownLatch done = new CountDownLatch(1);
        TelemetryWorker worker = worker();
        worker.post(() -> {
            for (EngineClient client : closing) {
                beginClose(client, deadline);
            }
            worker.stopWhenEmpty(() -> {
                for (EngineClient client : closing) {
                    client.snapshot();
                }
                done.countDown();
            });
        });
        if (worker.isWorkerThread()) {
            return;
        }
        try {
            if (!done.await(timeout, TimeUnit.NANOSECONDS)) {
                logger.debug("Telemetry did not close in time");
                worker.interrupt();
            }
        } catch (InterruptedException interrupted) {
            worker.interrupt();
            throw interrupted;
        }
    }
}
