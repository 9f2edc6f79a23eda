package io.github.databrickstelemetry.client;

import io.github.databrickstelemetry.http.TelemetryTarget;
import java.util.List;

/**
 * Hands out one {@link TelemetryClient} per host and principal, counted. Thread-safe.
 *
 * <p>Acquiring and releasing never block on I/O. A release that does not balance is harmless.
 */
public interface TelemetryClientProvider extends AutoCloseable {

    /** One more reference to the client of this target, which is made if there is none. */
    TelemetryClient acquire(TelemetryTarget target);

    /** One reference less. The last one closes the client in the background. */
    void release(TelemetryClient client);

    /** A consistent snapshot of every client, also of those that sent their last batch but are not closed yet. */
    List<TelemetryClient> clients();

    /** Adds an observer of finished metrics and exports. */
    void addListener(TelemetryListener listener);

    /** Closes all clients; returns within the close timeout, whatever the exporters do. Idempotent. */
    @Override
    void close();
}
