package io.github.databrickstelemetry.event;

import org.jspecify.annotations.Nullable;

/**
 * What the driver knows of a statement's result when the statement ends. Immutable. Durations are in nanoseconds, 0
 * means not known; a negative number becomes 0.
 *
 * @param statementId the server's statement id, cut at 512 characters, or null when not known (the engine then makes a random one)
 * @param format how the result came back
 * @param compressed whether any part was compressed
 * @param chunksPresent chunks that the server announced
 * @param chunksIterated chunks that were read
 * @param firstChunkNanos latency of the first chunk
 * @param slowestChunkNanos latency of the slowest chunk
 * @param sumChunkNanos download time of all chunks in sum
 * @param bytes bytes downloaded
 * @param resultReadyNanos from the execute call until the result could be read
 * @param consumptionNanos from the first row until the result was read or closed
 * @param pollCount status polls while the statement ran
 * @param pollNanos latency of all polls in sum
 * @param retryCount requests that the driver repeated
 */
public record StatementResult(
        @Nullable String statementId,
        ResultFormat format,
        boolean compressed,
        long chunksPresent,
        long chunksIterated,
        long firstChunkNanos,
        long slowestChunkNanos,
        long sumChunkNanos,
        long bytes,
        long resultReadyNanos,
        long consumptionNanos,
        int pollCount,
        long pollNanos,
        int retryCount)
        implements DeferredResult {

    public StatementResult {
        statementId = Text.capNullable(statementId, Text.NAME);
        chunksPresent = Math.max(0, chunksPresent);
        chunksIterated = Math.max(0, chunksIterated);
        firstChunkNanos = Math.max(0, firstChunkNanos);
        slowestChunkNanos = Math.max(0, slowestChunkNanos);
        sumChunkNanos = Math.max(0, sumChunkNanos);
        bytes = Math.max(0, bytes);
        resultReadyNanos = Math.max(0, resultReadyNanos);
        consumptionNanos = Math.max(0, consumptionNanos);
        pollCount = Math.max(0, pollCount);
        pollNanos = Math.max(0, pollNanos);
        retryCount = Math.max(0, retryCount);
    }

    @Override
    public StatementResult read() {
        return this;
    }

    /** Only an id is known. */
    public static StatementResult ofId(@Nullable String statementId) {
        return new StatementResult(
                statementId, ResultFormat.FORMAT_UNSPECIFIED, false, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }
}
