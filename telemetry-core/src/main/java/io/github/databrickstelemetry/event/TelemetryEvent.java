package io.github.databrickstelemetry.event;

import org.jspecify.annotations.Nullable;

/**
 * Something that happened in a session. Immutable. Timestamps are epoch milliseconds, durations nanoseconds. Made by
 * {@link TelemetryEventEmitter} only.
 */
public sealed interface TelemetryEvent {

    /** The session in which it happened. */
    TelemetrySession session();

    /** Which kind of event it is. */
    default EventType type() {
        return EventType.of(this);
    }

    /**
     * A physical connection was opened.
     *
     * @param latencyNanos how long opening took
     */
    record ConnectionOpen(TelemetrySession session, long timestampMillis, long latencyNanos)
            implements TelemetryEvent {}

    /**
     * A physical connection was closed.
     *
     * @param latencyNanos how long closing took
     */
    record ConnectionClose(TelemetrySession session, long timestampMillis, long latencyNanos)
            implements TelemetryEvent {}

    /**
     * Something that happened to a statement. It is known by its session and its local key; the server's id becomes known
     * with {@link StatementComplete}.
     */
    sealed interface StatementEvent extends TelemetryEvent {

        /** The emitter's key, unique among the statements of a client. */
        long statementKey();
    }

    /**
     * A statement began to execute.
     *
     * @param internalCall whether the driver ran it for a method of {@code Connection}, not for a statement of the
     *     application
     * @param local details for the application's own tools, or null
     */
    record StatementStart(
            TelemetrySession session,
            long statementKey,
            long timestampMillis,
            OperationType operation,
            StatementType statementType,
            boolean internalCall,
            @Nullable LocalDetails local)
            implements StatementEvent {}

    /**
     * A statement ended: it was closed, executed again, or failed.
     *
     * @param latencyNanos duration of the execute call, not of the time until close
     * @param result what the driver knows of the result, or null when nothing
     * @param error why the execute call failed, or null when it succeeded
     */
    record StatementComplete(
            TelemetrySession session,
            long statementKey,
            long latencyNanos,
            @Nullable DeferredResult result,
            @Nullable ErrorDetails error)
            implements StatementEvent {}

    /**
     * The status of a running statement was requested.
     *
     * @param latencyNanos how long the request took
     */
    record StatementPoll(TelemetrySession session, long statementKey, long latencyNanos) implements StatementEvent {}

    /**
     * A CloudFetch chunk was downloaded.
     *
     * @param chunkIndex zero-based
     * @param latencyNanos download time
     * @param compressed whether it was compressed
     */
    record CloudFetchChunk(
            TelemetrySession session, long statementKey, int chunkIndex, long latencyNanos, boolean compressed)
            implements StatementEvent {}

    /**
     * Something failed.
     *
     * @param statementKey the statement concerned, or {@link TelemetryEventEmitter#NO_STATEMENT}
     */
    record ErrorOccurred(TelemetrySession session, long statementKey, long timestampMillis, ErrorDetails error)
            implements StatementEvent {}
}
