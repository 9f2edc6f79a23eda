package io.github.databrickstelemetry.client;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.event.LocalDetails;
import io.github.databrickstelemetry.export.ExportResult;

/**
 * Receives clients, finished metrics and exports of the engine. Called on threads of the engine, never on the application's;
 * implementations must be quick and must not block. What they throw is swallowed.
 */
public interface TelemetryListener {

    /** A client was made. It is among {@link TelemetryClientProvider#clients()} until it has closed. */
    default void onOpen(TelemetryClient client) {}

    /**
     * A metric is finished, whether or not it is sent to the workspace. Called by the engine's single worker.
     *
     * @param host the client's {@code host:port}
     */
    default void onMetric(String host, TelemetryMetric metric) {}

    /**
     * A statement is finished. Called by the engine's single worker, right after {@link #onMetric} for the same
     * statement.
     *
     * @param host the client's {@code host:port}
     * @param local details for the application's own tools; they must not leave the process
     */
    default void onStatement(String host, TelemetryMetric.StatementMetric statement, LocalDetails local) {}

    /**
     * An export ended.
     *
     * @param host the client's {@code host:port}
     * @param durationNanos how long it took, retries included
     */
    default void onExport(String host, ExportResult result, long durationNanos) {}
}
