package io.github.databrickstelemetry.client;

import io.github.databrickstelemetry.workspace.TelemetryTarget;
import java.util.List;

/**
 * Hands out references to one {@link TelemetryClient} per host and principal, counted. Thread-safe.
 *
 * <p>Acquiring and releasing never block on I/O. Every reference counts once, however often it is released.
 */
public interface TelemetryClientProvider extends AutoCloseable {

    /**
     * One more reference to the client of this target, which is made if there is none. All references to it share its
     * emitter, statistics and everything else.
     */
    TelemetryClient acquire(TelemetryTarget target);

    /**
     * One reference less. The last one closes the client in the background. Does nothing for a reference that was
     * released before, and for what {@link #acquire} has not returned.
     */
    void release(TelemetryClient client);

    /** A consistent snapshot of the clients, one per host and principal, also of those that sent their last batch but are not closed yet. */
    List<TelemetryClient> clients();

    /** Adds an observer of finished metrics and exports. */
    void addListener(TelemetryListener listener);

    /** Closes all clients; returns within the close timeout, whatever the exporters do. Idempotent. */
    @Override
    void close();
}
