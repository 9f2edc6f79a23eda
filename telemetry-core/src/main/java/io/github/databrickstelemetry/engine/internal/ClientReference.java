package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.event.TelemetryEventEmitter;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * One holder's reference to a client that others may hold as well. It acquires the client with its first use, and is
 * disabled where there is none. Thread-safe.
 */
public final class ClientReference implements TelemetryClient {

    private final String host;
    private final Supplier<@Nullable ClientPipeline> acquire;
    private final Guard guard;
    private volatile boolean acquired;
    private volatile @Nullable ClientPipeline client;
    private boolean released;

    /** @param acquire called at most once; null where telemetry is off */
    ClientReference(String host, Supplier<@Nullable ClientPipeline> acquire, Guard guard) {
        this.host = host;
        this.acquire = acquire;
        this.guard = guard;
    }

    /** A reference to a client that is there already. */
    ClientReference(ClientPipeline client, Guard guard) {
        this(client.host(), () -> null, guard);
        this.client = client;
        this.acquired = true;
    }

    /** A client that does nothing, where there is no engine. */
    public static TelemetryClient disabled(String host) {
        return new ClientReference(host, () -> null, new Guard(LoggerFactory.getLogger(ClientReference.class)));
    }

    private @Nullable ClientPipeline client() {
        return acquired ? client : acquireOnce();
    }

    private synchronized @Nullable ClientPipeline acquireOnce() {
        if (!acquired && !released) {
            guard.run("acquiring a client", () -> client = acquire.get());
            acquired = true;
        }
        return client;
    }

    /**
     * Gives the reference back.
     *
     * @return the client to release, or null if no client was acquired or the client was released before
     */
    synchronized @Nullable ClientPipeline release() {
        ClientPipeline held = released ? null : client;
        released = true;
        acquired = true;
        return held;
    }

    @Override
    public String host() {
        ClientPipeline current = client();
        return current == null ? host : current.host();
    }

    @Override
    public TelemetryEventEmitter emitter() {
        ClientPipeline current = client();
        return current == null ? TelemetryEventEmitter.disabled() : current.emitter();
    }

    @Override
    public TelemetryStatistics statistics() {
        ClientPipeline current = client();
        return current == null ? TelemetryStatistics.disabled(host) : current.statistics();
    }

    @Override
    public void flush() {
        use(TelemetryClient::flush);
    }

    @Override
    public void pause() {
        use(TelemetryClient::pause);
    }

    @Override
    public void resume() {
        use(TelemetryClient::resume);
    }

    private void use(Consumer<TelemetryClient> action) {
        ClientPipeline current = client();
        if (current != null) {
            action.accept(current);
        }
    }

    @Override
    public String toString() {
        return "TelemetryClient[" + host + "]";
    }
}
