package io.github.databrickstelemetry.client;

import io.github.databrickstelemetry.event.TelemetryEventEmitter;

/**
 * Telemetry of one host and principal. Thread-safe. Handed out and counted by {@link TelemetryClientProvider}.
 */
public interface TelemetryClient {

    /** Where this client's metrics go, as {@code host:port}. */
    String host();

    /** The way to report events. */
    TelemetryEventEmitter emitter();

    /** A consistent snapshot of what became of every event and metric. */
    TelemetryStatistics statistics();

    /** Has what is pending sent soon; returns at once. */
    void flush();

    /** Sends nothing until {@link #resume()}. Events are still taken, listeners still get each metric, and metrics wait. */
    void pause();

    /** Sends again. */
    void resume();
}
