package io.github.databrickstelemetry.event;

import org.jspecify.annotations.Nullable;

/**
 * The way into the engine: one method per kind of event. Thread-safe. No method ever throws, blocks, or does I/O; when
 * telemetry is disabled or paused each returns at once and counts nothing.
 *
 * <p>Instrumentation calls it, and applications may: inject a {@code TelemetryClient} and use its emitter.
 */
public interface TelemetryEventEmitter {

    /** The key that stands for "no statement". */
    long NO_STATEMENT = 0;

    /** Whether events are taken at present. Callers may skip gathering details when not. */
    boolean isEnabled();

    /**
     * A physical connection was opened.
     *
     * @param sessionId the server's session id, or null to have a random one made
     * @param details what is the same for all sessions of the data source
     * @param latencyNanos how long opening took
     * @return the session, to be given to the other methods; never null, also when disabled
     */
    TelemetrySession connectionOpen(@Nullable String sessionId, ConnectionDetails details, long latencyNanos);

    /** An attempt to open a connection failed. */
    void connectionFailed(ConnectionDetails details, Throwable failure);

    /**
     * A physical connection was closed.
     *
     * @param latencyNanos how long closing took
     */
    void connectionClose(TelemetrySession session, long latencyNanos);

    /**
     * A statement begins to execute.
     *
     * @return its key, or {@link #NO_STATEMENT} when disabled
     */
    long statementStart(TelemetrySession session, OperationType operation, StatementType type);

    /**
     * A statement ended well: closed, executed again, or its connection closed.
     *
     * @param latencyNanos duration of the execute call, not of the time until close
     * @param result what the driver knows of the result, or null when nothing
     */
    void statementComplete(
            TelemetrySession session, long statementKey, long latencyNanos, @Nullable StatementResult result);

    /**
     * A statement's execute call failed; this completes it.
     *
     * @param latencyNanos duration of the execute call
     * @param result what the driver knows, for example the server's id, or null when nothing
     */
    void statementFailed(
            TelemetrySession session,
            long statementKey,
            long latencyNanos,
            @Nullable StatementResult result,
            Throwable failure);

    /** The status of a running statement was asked, which took {@code latencyNanos}. */
    void statementPoll(TelemetrySession session, long statementKey, long latencyNanos);

    /**
     * A CloudFetch chunk was downloaded.
     *
     * @param chunkIndex zero-based
     * @param latencyNanos download time
     * @param bytes size as downloaded
     * @param compressed whether it was compressed
     */
    void cloudFetchChunk(
            TelemetrySession session,
            long statementKey,
            int chunkIndex,
            long latencyNanos,
            long bytes,
            boolean compressed);

    /**
     * Something failed that does not complete a statement.
     *
     * @param statementKey the statement concerned, or {@link #NO_STATEMENT}
     */
    void error(TelemetrySession session, long statementKey, Throwable failure);
}
