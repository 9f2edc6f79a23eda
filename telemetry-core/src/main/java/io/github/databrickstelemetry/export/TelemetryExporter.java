package io.github.databrickstelemetry.export;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import java.util.List;

/**
 * Sends metrics somewhere. The engine calls it on a thread of its own, one batch at a time per client.
 *
 * <p>Implementations may block, within their own timeouts, and must react to an interrupt by returning what they have
 * not sent as kept; what is kept is sent again later. They never throw; what they throw nevertheless is swallowed and the
 * whole batch counts as kept.
 *
 * <p>The engine obeys {@link ExportResult#retryAfterMillis()}: it sends no further batch within that time, up to 30 seconds
 * for an exporter of the application.
 */
public interface TelemetryExporter extends AutoCloseable {

    /** Tries to deliver a batch and returns the result, which accounts for every metric in it. */
    ExportResult export(List<TelemetryMetric> batch);

    /** Gives up connections and threads. Idempotent. */
    @Override
    default void close() {}
}
