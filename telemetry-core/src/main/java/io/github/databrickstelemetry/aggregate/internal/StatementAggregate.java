package io.github.databrickstelemetry.aggregate.internal;

import io.github.databrickstelemetry.aggregate.TelemetryMetric.StatementMetric;
import io.github.databrickstelemetry.event.ErrorDetails;
import io.github.databrickstelemetry.event.LocalDetails;
import io.github.databrickstelemetry.event.StatementResult;
import io.github.databrickstelemetry.event.StatementResult.Chunks;
import io.github.databrickstelemetry.event.StatementResult.Polls;
import io.github.databrickstelemetry.event.StatementResult.ResultFormat;
import io.github.databrickstelemetry.event.TelemetryEvent.CloudFetchChunk;
import io.github.databrickstelemetry.event.TelemetryEvent.ErrorOccurred;
import io.github.databrickstelemetry.event.TelemetryEvent.StatementPoll;
import io.github.databrickstelemetry.event.TelemetryEvent.StatementStart;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of one statement while it is in flight. Not thread-safe. */
final class StatementAggregate {

    private final StatementStart start;
    private final long acceptedNanos;

    private Chunks chunks = Chunks.NONE;
    private Polls polls = Polls.NONE;
    private int firstChunkIndex = Integer.MAX_VALUE;
    private boolean compressed;
    private List<ErrorOccurred> errors = List.of();

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
        long latency = chunk.latencyNanos();
        // Chunks are downloaded in parallel: the first is the one with the lowest index, not the first to arrive.
        boolean first = latency > 0 && chunk.chunkIndex() < firstChunkIndex;
        chunks = new Chunks(
                0,
                chunks.iterated() + 1,
                first ? latency : chunks.firstNanos(),
                Math.max(chunks.slowestNanos(), latency),
                sum(chunks.sumNanos(), latency));
        if (first) {
            firstChunkIndex = chunk.chunkIndex();
        }
        compressed |= chunk.compressed();
    }

    void add(StatementPoll poll) {
        polls = new Polls(polls.count() + 1, sum(polls.nanos(), poll.latencyNanos()));
    }

    /** Holds an error, unless there are enough already. */
    void add(ErrorOccurred error, int maxErrors) {
        if (errors.size() < maxErrors) {
            errors = errors.isEmpty() ? new ArrayList<>(1) : errors;
            errors.add(error);
        }
    }

    List<ErrorOccurred> errors() {
        return errors;
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
        if (chunks.iterated() == 0 && polls.count() == 0) {
            return result;
        }
        StatementResult known = result == null ? StatementResult.ofId(null) : result;
        Chunks driver = known.chunks();
        boolean external = known.format() == ResultFormat.FORMAT_UNSPECIFIED && chunks.iterated() > 0;
        return new StatementResult(
                known.statementId(),
                external ? ResultFormat.EXTERNAL_LINKS : known.format(),
                known.compressed() || compressed,
                new Chunks(
                        driver.present(),
                        Math.max(driver.iterated(), chunks.iterated()),
                        driver.firstNanos() > 0 ? driver.firstNanos() : chunks.firstNanos(),
                        Math.max(driver.slowestNanos(), chunks.slowestNanos()),
                        Math.max(driver.sumNanos(), chunks.sumNanos())),
                new Polls(
                        Math.max(known.polls().count(), polls.count()),
                        Math.max(known.polls().nanos(), polls.nanos())),
                known.latency(),
                known.retryCount());
    }

    /** Adds what is positive, and stops at the largest number. */
    private static long sum(long sum, long value) {
        long result = sum + Math.max(0, value);
        return result < 0 ? Long.MAX_VALUE : result;
    }
}
