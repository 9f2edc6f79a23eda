package io.github.databrickstelemetry.aggregate.internal;

import io.github.databrickstelemetry.aggregate.TelemetryMetric.StatementMetric;
import io.github.databrickstelemetry.event.ErrorDetails;
import io.github.databrickstelemetry.event.LocalDetails;
import io.github.databrickstelemetry.event.ResultFormat;
import io.github.databrickstelemetry.event.StatementResult;
import io.github.databrickstelemetry.event.TelemetryEvent.CloudFetchChunk;
import io.github.databrickstelemetry.event.TelemetryEvent.ErrorOccurred;
import io.github.databrickstelemetry.event.TelemetryEvent.StatementPoll;
import io.github.databrickstelemetry.event.TelemetryEvent.StatementStart;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one statement while it is in flight. Sums saturate instead of overflowing. Not thread-safe.
 */
final class StatementAggregate {

    private final StatementStart start;
    private final long acceptedNanos;

    private int firstChunkIndex = Integer.MAX_VALUE;
    private long chunks;
    private long firstChunkNanos;
    private long slowestChunkNanos;
    private long sumChunkNanos;
    private boolean compressed;
    private int polls;
    private long pollNanos;
    private @Nullable List<ErrorOccurred> errors;

    /** @param acceptedNanos when the start was taken in, by the monotonic clock, which the time to live counts from */
    StatementAggregate(StatementStart start, long acceptedNanos) {
        this.start = start;
        this.acceptedNanos = acceptedNanos;
    }

    long acceptedNanos() {
        return acceptedNanos;
    }

    LocalDetails local() {
        LocalDetails local = start.local();
        return local == null ? LocalDetails.NONE : local;
    }

    void add(CloudFetchChunk chunk) {
        chunks++;
        compressed |= chunk.compressed();
        long latency = chunk.latencyNanos();
        if (latency > 0) {
            sumChunkNanos = sum(sumChunkNanos, latency);
            slowestChunkNanos = Math.max(slowestChunkNanos, latency);
            // Chunks are downloaded in parallel: the first is the one with the lowest index, not the first to arrive.
            if (chunk.chunkIndex() < firstChunkIndex) {
                firstChunkIndex = chunk.chunkIndex();
                firstChunkNanos = latency;
            }
        }
    }

    void add(StatementPoll poll) {
        if (polls < Integer.MAX_VALUE) {
            polls++;
        }
        pollNanos = sum(pollNanos, poll.latencyNanos());
    }

    /** Holds an error, unless there are enough already. */
    void add(ErrorOccurred error, int maxErrors) {
        if (errors == null) {
            errors = new ArrayList<>(1);
        }
        if (errors.size() < maxErrors) {
            errors.add(error);
        }
    }

    List<ErrorOccurred> errors() {
        return errors == null ? List.of() : errors;
    }

    StatementMetric toMetric(
            String eventId,
            String statementId,
            long latencyNanos,
            @Nullable StatementResult result,
            @Nullable ErrorDetails error) {
        return new StatementMetric(
                eventId,
                start.session(),
                start.timestampMillis(),
                statementId,
                start.operation(),
                start.statementType(),
                start.internalCall(),
                Math.max(0, latencyNanos),
                merged(result),
                error);
    }

    /**
     * Joins the counts of the events with the driver's result. Both may count the same chunks, so counts and
     * sums are not added up: the larger one saw more.
     */
    private @Nullable StatementResult merged(@Nullable StatementResult result) {
        if (chunks == 0 && polls == 0) {
            return result;
        }
        StatementResult known = result == null ? StatementResult.ofId(null) : result;
        boolean external = known.format() == ResultFormat.FORMAT_UNSPECIFIED && chunks > 0;
        return new StatementResult(
                known.statementId(),
                external ? ResultFormat.EXTERNAL_LINKS : known.format(),
                known.compressed() || compressed,
                new StatementResult.Chunks(
                        known.chunks().present(),
                        Math.max(known.chunks().iterated(), chunks),
                        known.chunks().firstNanos() > 0 ? known.chunks().firstNanos() : firstChunkNanos,
                        Math.max(known.chunks().slowestNanos(), slowestChunkNanos),
                        Math.max(known.chunks().sumNanos(), sumChunkNanos)),
                new StatementResult.Polls(
                        Math.max(known.polls().count(), polls),
                        Math.max(known.polls().nanos(), pollNanos)),
                known.latency(),
                known.retryCount());
    }

    /** Adds only what is positive, and stops at the largest number. */
    private static long sum(long sum, long value) {
        if (value <= 0) {
            return sum;
        }
        long result = sum + value;
        return result < 0 ? Long.MAX_VALUE : result;
    }
}
