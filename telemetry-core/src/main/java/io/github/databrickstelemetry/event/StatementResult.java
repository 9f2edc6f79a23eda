package io.github.databrickstelemetry.event;

import org.jspecify.annotations.Nullable;

/**
 * Result details of one statement, as the driver knows them when the statement ends. Immutable. Durations are in
 * nanoseconds; 0 means not known; negative numbers become 0.
 *
 * @param statementId the server's statement id, cut at 512 characters; null when not known, then the engine makes a
 *     random one
 * @param format how the result was transferred
 * @param compressed whether any part was compressed
 * @param chunks chunk counts and download times
 * @param polls status polls while the statement ran
 * @param latency times until the result was ready and consumed
 * @param retryCount requests that the driver repeated
 */
public record StatementResult(
        @Nullable String statementId,
        ResultFormat format,
        boolean compressed,
        Chunks chunks,
        Polls polls,
        Latency latency,
        int retryCount)
        implements DeferredResult {

    public StatementResult {
        statementId = Text.capNullable(statementId, Text.NAME);
        retryCount = Math.max(0, retryCount);
    }

    /**
     * Chunks of a result.
     *
     * @param present chunks that the server announced
     * @param iterated chunks that the application read
     * @param firstNanos latency of the first chunk
     * @param slowestNanos latency of the slowest chunk
     * @param sumNanos sum of all download times
     */
    public record Chunks(long present, long iterated, long firstNanos, long slowestNanos, long sumNanos) {

        /** Nothing known. */
        public static final Chunks NONE = new Chunks(0, 0, 0, 0, 0);

        public Chunks {
            present = Math.max(0, present);
            iterated = Math.max(0, iterated);
            firstNanos = Math.max(0, firstNanos);
            slowestNanos = Math.max(0, slowestNanos);
            sumNanos = Math.max(0, sumNanos);
        }
    }

    /**
     * Status polls of a running statement.
     *
     * @param count number of polls
     * @param nanos sum of their latencies
     */
    public record Polls(int count, long nanos) {

        /** Nothing known. */
        public static final Polls NONE = new Polls(0, 0);

        public Polls {
            count = Math.max(0, count);
            nanos = Math.max(0, nanos);
        }
    }

    /**
     * Latencies of a result.
     *
     * @param readyNanos from the execute call until the first row could be read
     * @param consumptionNanos from the first row until the result was read or closed
     * @param firstRowNanos from the execute call until the application read the first row, or 0 where that is not known;
     *     the workspace gets none of it, as it holds the application's own time
     */
    public record Latency(long readyNanos, long consumptionNanos, long firstRowNanos) {

        /** Nothing known. */
        public static final Latency NONE = new Latency(0, 0, 0);

        public Latency {
            readyNanos = Math.max(0, readyNanos);
            consumptionNanos = Math.max(0, consumptionNanos);
            firstRowNanos = Math.max(0, firstRowNanos);
        }
    }

    @Override
    public StatementResult read() {
        return this;
    }

    /** A result of which only the id is known; the id may be null. */
    public static StatementResult ofId(@Nullable String statementId) {
        return new StatementResult(
                statementId, ResultFormat.FORMAT_UNSPECIFIED, false, Chunks.NONE, Polls.NONE, Latency.NONE, 0);
    }

    /** How a result came back ({@code execution_result}). */
    public enum ResultFormat {
        /** Not known; left out on the wire. */
        FORMAT_UNSPECIFIED,
        INLINE_ARROW,
        INLINE_JSON,
        /** CloudFetch: chunks downloaded from links to cloud storage. */
        EXTERNAL_LINKS,
        COLUMNAR_INLINE
    }
}
