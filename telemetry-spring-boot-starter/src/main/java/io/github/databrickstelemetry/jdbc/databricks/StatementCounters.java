package io.github.databrickstelemetry.jdbc.databricks;

import io.github.databrickstelemetry.event.ResultFormat;
import io.github.databrickstelemetry.event.StatementResult;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the driver counts for each statement, also with its own telemetry switched off. It counts in milliseconds; all
 * times here are nanoseconds, 0 means not known. Immutable, thread-safe.
 */
final class StatementCounters {

    private static final long NANOS = 1_000_000L;

    private final Probe format;
    private final Probe chunks;
    private final Probe chunksPresent;
    private final Probe chunksIterated;
    private final Probe firstChunk;
    private final Probe slowestChunk;
    private final Probe sumOfChunks;
    private final Probe latencies;
    private final Probe resultReady;
    private final Probe firstRow;
    private final Probe consumption;
    private final Probe operation;
    private final Probe polls;
    private final Probe pollTime;

    /** @param find the driver's class of this name below its root package, or null */
    StatementCounters(Function<String, @Nullable Class<?>> find) {
        Class<?> tracker = find.apply("model.telemetry.StatementTelemetryDetails");
        Class<?> chunkDetails = find.apply("model.telemetry.latency.ChunkDetails");
        Class<?> resultLatency = find.apply("model.telemetry.latency.ResultLatency");
        Class<?> operationDetail = find.apply("model.telemetry.latency.OperationDetail");
        this.format = Probe.method(tracker, "getExecutionResultFormat");
        this.chunks = Probe.method(tracker, "getChunkDetails");
        this.chunksPresent = Probe.method(chunkDetails, "getTotalChunksPresent");
        this.chunksIterated = Probe.method(chunkDetails, "getTotalChunksIterated");
        this.firstChunk = Probe.method(chunkDetails, "getInitialChunkLatencyMillis");
        this.slowestChunk = Probe.method(chunkDetails, "getSlowestChunkLatencyMillis");
        this.sumOfChunks = Probe.method(chunkDetails, "getSumChunksDownloadTimeMillis");
        this.latencies = Probe.method(tracker, "getResultLatency");
        this.resultReady = Probe.method(resultLatency, "getResultSetReadyLatencyMillis");
        this.firstRow = Probe.field(resultLatency, "startTimeOfResultSetIterationNano");
        this.consumption = Probe.method(resultLatency, "getResultSetConsumptionLatencyMillis");
        this.operation = Probe.method(tracker, "getOperationDetail");
        // The driver has no getters for these two.
        this.polls = Probe.field(operationDetail, "nOperationStatusCalls");
        this.pollTime = Probe.field(operationDetail, "operationStatusLatencyMillis");
    }

    @Nullable
    String format(@Nullable Object tracker) {
        return format.readConstant(tracker);
    }

    /**
     * What was counted, as a result. Everything is read once: each getter costs as much as an event.
     *
     * @param startNanos {@link System#nanoTime()} before the execute call, or 0 when not known
     * @param chunks how many chunks the result has, as far as its metadata tells
     */
    StatementResult result(
            @Nullable Object tracker,
            String statementId,
            long startNanos,
            ResultFormat format,
            boolean compressed,
            long chunks) {
        Object chunkDetails = this.chunks.read(tracker);
        Object latency = latencies.read(tracker);
        Object detail = operation.read(tracker);
        return new StatementResult(
                statementId,
                format,
                compressed,
                new StatementResult.Chunks(
                        Math.max(chunks, chunksPresent.readNumber(chunkDetails)),
                        chunksIterated.readNumber(chunkDetails),
                        NANOS * firstChunk.readNumber(chunkDetails),
                        NANOS * slowestChunk.readNumber(chunkDetails),
                        NANOS * sumOfChunks.readNumber(chunkDetails)),
                new StatementResult.Polls(
                        (int) Math.min(Integer.MAX_VALUE, polls.readNumber(detail)),
                        NANOS * pollTime.readNumber(detail)),
                new StatementResult.Latency(
                        NANOS * resultReady.readNumber(latency),
                        NANOS * consumption.readNumber(latency),
                        firstRowNanos(latency, startNanos)),
                0);
    }

    /** The driver remembers when the first row was read, but counts from then on only. */
    private long firstRowNanos(@Nullable Object latency, long startNanos) {
        return startNanos != 0 && firstRow.read(latency) instanceof Long read && read != 0 ? read - startNanos : 0;
    }
}
