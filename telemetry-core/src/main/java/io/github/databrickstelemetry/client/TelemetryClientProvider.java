package io.github.databrickstelemetry.client;

import io.github.databrickstelemetry.export.TelemetryExporter;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Hands out counted references to one {@link TelemetryClient} per host and principal. Thread-safe.
 *
 * <p>No method waits for I/O. A reference counts once, however often it is released.
 */
public interface TelemetryClientProvider extends AutoCloseable {

    /**
     * A new reference to the client of this target. The first reference makes the client, with the settings of its
     * target. All references to a client share its emitter and its statistics. After {@link #close()} the client is
     * disabled.
     */
    TelemetryClient acquire(TelemetryTarget target);

    /**
     * A reference that acquires its client with its first use. The client is disabled where there is no target, or where
     * the supplier fails.
     *
     * @param host the name that the client shows before its first use and while it is disabled
     * @param target called at most once, by the thread that first uses the client; null if telemetry is off for the host
     */
    TelemetryClient acquireLazily(String host, Supplier<@Nullable TelemetryTarget> target);

    /**
     * Gives a reference back. The last one closes the client in the background. Does nothing for a reference that was
     * released before, and for a client that neither acquire method has returned.
     */
    void release(TelemetryClient client);

    /** All clients, one per host and principal, including those that are closing. Releasing them does nothing. */
    List<TelemetryClient> clients();

    /**
     * The totals of every host that has, or had, a client. Waits at most 250 ms for the worker, then returns what it
     * published last. Beyond 1,000 hosts without a client the oldest are summed up under the host {@code other}.
     */
    List<HostTotals> totals();

    /** Failures of telemetry itself that were swallowed, in the whole application. */
    long swallowed();

    /** Adds a listener for clients, finished metrics and exports. */
    void addListener(TelemetryListener listener);

    /**
     * Adds an exporter that gets every finished metric of all clients, whatever the workspaces take. It has a buffer and
     * counters of its own: it delays no client, and a batch that it keeps is sent again. Its {@code close} is not called.
     * Metrics that finish before the application has started wait for it, the first thousand of them.
     */
    void addExporter(TelemetryExporter exporter);

    /** The counters of the additional exporters, as {@link #totals()} in time. */
    List<ExporterStatistics> exporters();

    /** Closes all clients. Returns within the close timeout, whatever the exporters do. Idempotent. */
    @Override
    void close();
}
