package io.github.databrickstelemetry.aggregate;

import io.github.databrickstelemetry.event.ErrorDetails;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementResult;
import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.event.TelemetrySession;
import org.jspecify.annotations.Nullable;

/**
 * What is reported: one document on the wire. Immutable. Its event id is made once, so that a retry carries the same.
 */
public sealed interface TelemetryMetric {

    /** A random UUID; the same in every attempt to deliver this metric. */
    String eventId();

    /** The session it belongs to. */
    TelemetrySession session();

    /** When it began, in epoch milliseconds. */
    long timestampMillis();

    /** The error it reports, or null. Metrics with an error are kept longest when the buffer is full. */
    @Nullable
    ErrorDetails error();

    /**
     * A session was opened or closed.
     *
     * @param operation {@link OperationType#CREATE_SESSION} or {@link OperationType#DELETE_SESSION}
     */
    record SessionMetric(
            String eventId, TelemetrySession session, long timestampMillis, OperationType operation, long latencyNanos)
            implements TelemetryMetric {
        @Override
        public @Nullable ErrorDetails error() {
            return null;
        }
    }

    /**
     * A statement, reported once.
     *
     * @param statementId the server's id, else a random UUID
     * @param internalCall whether the driver ran it for a method of {@code Connection}
     * @param latencyNanos duration of the execute call
     * @param result the aggregated details, or null when nothing is known
     * @param error why it failed, or null when it succeeded
     */
    record StatementMetric(
            String eventId,
            TelemetrySession session,
            long timestampMillis,
            String statementId,
            OperationType operation,
            StatementType statementType,
            boolean internalCall,
            long latencyNanos,
            @Nullable StatementResult result,
            @Nullable ErrorDetails error)
            implements TelemetryMetric {}

    /**
     * An error on its own: a failed attempt to connect, a further error of a statement, or an error that outlived its
     * abandoned statement.
     *
     * @param statementId the statement's id, or null when there is none
     */
    record ErrorMetric(
            String eventId,
            TelemetrySession session,
            long timestampMillis,
            @Nullable String statementId,
            ErrorDetails error)
            implements TelemetryMetric {}
}
