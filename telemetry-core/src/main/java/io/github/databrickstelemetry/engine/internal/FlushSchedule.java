package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.aggregate.internal.PendingBuffer;
import io.github.databrickstelemetry.config.ClientSettings;
import java.util.concurrent.TimeUnit;

/**
 * When what waits in one client's pending buffer is to be sent: in batches as soon as there is one, the rest at every
 * point of the client's rhythm, soon after a terminal error, and when somebody asks. After a failed export not before
 * the next point, or until somebody asks. Belongs to the worker.
 */
final class FlushSchedule {

    private static final long BETWEEN_ERROR_FLUSHES = TimeUnit.SECONDS.toNanos(1);
    private static final long NOTHING_MARKED = Long.MIN_VALUE;
    private static final long EVERYTHING_MARKED = Long.MAX_VALUE;

    private final PendingBuffer pending;
    private final int batchSize;
    private final long intervalNanos;

    /** The next point of this client's own rhythm. */
    private long pointNanos;
    /** Metrics that were added before it are sent without waiting for a full batch. */
    private long mark = NOTHING_MARKED;

    private boolean heldBack;
    private boolean errorWaits;
    private long errorFlushAtNanos;

    /** @param phaseNanos how long until the first point */
    FlushSchedule(PendingBuffer pending, ClientSettings settings, long nowNanos, long phaseNanos) {
        this.pending = pending;
        // A full buffer is a batch as well: nothing more can come.
        this.batchSize = Math.min(settings.batchSize(), settings.maxPending());
        this.intervalNanos = settings.flushInterval().toNanos();
        this.pointNanos = nowNanos + phaseNanos;
        this.errorFlushAtNanos = nowNanos;
    }

    /** The first metric comes after a time without: points that have passed meanwhile do not count. */
    long nanosUntilNextPoint(long nowNanos) {
        advance(nowNanos);
        return pointNanos - nowNanos;
    }

    /** A terminal error has come. */
    void errorCame() {
        errorWaits = true;
    }

    /** An export has failed. */
    void holdBack() {
        heldBack = true;
        mark = NOTHING_MARKED;
    }

    /** Everything that waits now is to be sent. */
    void flush() {
        mark(pending.mark());
    }

    /** Everything is to be sent, also what is still to come. */
    void flushFromNowOn() {
        mark(EVERYTHING_MARKED);
    }

    private void mark(long upTo) {
        // Nothing takes back that everything is to be sent.
        mark = mark == EVERYTHING_MARKED ? mark : upTo;
        heldBack = false;
        errorWaits = false;
    }

    /** Looks at the clock: whether a point of the rhythm, or the time to report an error, has come. */
    void look(long nowNanos) {
        if (nowNanos - pointNanos >= 0) {
            advance(nowNanos);
            flush();
        }
        if (errorWaits && !heldBack && nowNanos - errorFlushAtNanos >= 0) {
            errorFlushAtNanos = nowNanos + BETWEEN_ERROR_FLUSHES;
            flush();
        }
    }

    private void advance(long nowNanos) {
        long late = nowNanos - pointNanos;
        if (late >= 0) {
            pointNanos += (late / intervalNanos + 1) * intervalNanos;
        }
    }

    /** Whether there is something to send now. */
    boolean isDue() {
        return !heldBack && (pending.hasBefore(mark) || hasBatch());
    }

    /** Whether a batch is full. */
    boolean hasBatch() {
        return pending.size() >= batchSize;
    }

    /** Nanoseconds, negative when it is late, until {@link #look} has something to do. */
    long nanosUntilLook(long nowNanos) {
        long nanos = pending.size() > 0 ? pointNanos - nowNanos : Long.MAX_VALUE;
        return errorWaits && !heldBack ? Math.min(nanos, errorFlushAtNanos - nowNanos) : nanos;
    }
}
