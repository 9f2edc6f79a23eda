package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.client.HostTotals;
import io.github.databrickstelemetry.config.TlsSettings;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.WorkspaceHost;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The clients of one engine: one per host and principal as long as it is referenced, those that are closing, and the
 * totals of all that have closed. Thread-safe.
 */
final class ClientRegistry {

    /**
     * Two principals on one host are two clients. The credentials themselves rotate and are no part of the key. A data
     * source that verifies the host never shares the client of one that does not.
     */
    private record Key(WorkspaceHost host, String principal, boolean unverified) {
        static Key of(TelemetryTarget target) {
            boolean unverified = target.transport().tls() instanceof TlsSettings.Unverified;
            return new Key(target.host(), target.credentials().identity(), unverified);
        }
    }

    /** The clients that further references share. */
    private final Map<Key, ClientPipeline> referenced = new HashMap<>();

    /** All clients that have not closed, those that are closing included. The engine ends when there is none. */
    private final Set<ClientPipeline> live = ConcurrentHashMap.newKeySet();

    private final TotalsByHost totals = new TotalsByHost();
    private boolean closed;

    /**
     * Counts a reference to the client of the target.
     *
     * @param maker makes the client if there is none
     * @param opener opens a client that was made
     * @return null after {@link #close()}
     */
    synchronized @Nullable ClientPipeline acquire(
            TelemetryTarget target, Function<TelemetryTarget, ClientPipeline> maker, Consumer<ClientPipeline> opener) {
        if (closed) {
            return null;
        }
        Key key = Key.of(target);
        ClientPipeline client = referenced.get(key);
        if (client == null) {
            client = maker.apply(target);
            try {
                live.add(client);
                referenced.put(key, client);
                opener.accept(client);
            } catch (Throwable failure) {
                // Nobody gets it, so nobody would close it.
                referenced.remove(key);
                live.remove(client);
                throw failure;
            }
        }
        client.references++;
        return client;
    }

    /** Gives a reference back; true if it was the last one, so that the client is to be closed. */
    synchronized boolean release(ClientPipeline client) {
        Key key = Key.of(client.target());
        return referenced.get(key) == client && --client.references == 0 && referenced.remove(key, client);
    }

    /** Hands out no client from now on; false if it was called before. */
    synchronized boolean close() {
        boolean first = !closed;
        closed = true;
        referenced.clear();
        return first;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** All clients that have not closed, as they are at present. */
    List<ClientPipeline> live() {
        return List.copyOf(live);
    }

    /** Adds a client that has closed, and whose last statistics are published, to the totals. */
    void retire(ClientPipeline client) {
        synchronized (totals) {
            if (live.remove(client)) {
                totals.retire(client.published());
            }
        }
    }

    /** The totals of all hosts, as they were published last. */
    List<HostTotals> totals() {
        synchronized (totals) {
            return totals.with(live.stream().map(ClientPipeline::published).toList());
        }
    }
}
