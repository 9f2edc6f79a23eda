package io.github.databrickstelemetry.workspace.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.databrickstelemetry.config.TransportSettings;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Speaks HTTP to workspaces. Thread-safe. Has no threads of its own: a request blocks the thread that sends it, and no
 * other.
 *
 * <p>Channels with equal transport settings and connect timeout share one JDK client, and with it one selector thread.
 * A client that no channel holds any more is forgotten; the JDK ends its selector thread when it is collected, or at
 * once with {@link #close()} on Java 21 and later.
 */
public final class WorkspaceHttp implements AutoCloseable {

    private record ClientKey(TransportSettings transport, Duration connectTimeout) {}

    private final HostValidator validator;

    /** Apart, and made when it is needed, as the first connection of an application should not wait for Caffeine's classes. */
    private static final class Clients {
        final Cache<ClientKey, DirectHttpClient> byKey =
                Caffeine.newBuilder().weakValues().executor(Runnable::run).build();
    }

    private @Nullable Clients clients;

    /** @param validator asked before every request */
    public WorkspaceHttp(HostValidator validator) {
        this.validator = validator;
    }

    /** A way to a target, to be closed when the target is not needed any more. Does no I/O and makes no thread. */
    public WorkspaceChannel open(TelemetryTarget target) {
        ClientKey key = new ClientKey(
                target.transport(), target.settings().export().http().connectTimeout());
        return new WorkspaceChannel(target, validator, () -> client(key));
    }

    /** Ends what is under way. To be called when nobody sends any more; whoever does all the same gets a new client. */
    @Override
    public synchronized void close() {
        if (clients != null) {
            clients.byKey.asMap().values().forEach(DirectHttpClient::close);
            clients = null;
        }
    }

    private synchronized DirectHttpClient client(ClientKey wanted) {
        if (clients == null) {
            clients = new Clients();
        }
        return clients.byKey.get(wanted, key -> new DirectHttpClient(key.transport, key.connectTimeout));
    }
}
