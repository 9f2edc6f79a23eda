package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.aggregate.internal.PendingBuffer;
import io.github.databrickstelemetry.config.ClientSettings;
import java.util.concurrent.TimeUnit;

/**
 * Says when one client's pending metrics are due: in batches as soon as one is full, the rest at each flush time, after a
 * terminal error (at most once a second), and on request. After a failed export nothing is due before the next flush time
 * or request. Belongs to the worker.
 */
final class FlushSchedule {

    private static final long BETWEEN_ERROR_FLUSHES = TimeUnit.SECONDS.toNanos(1);
    private static final long NOTHING = Long.MIN_VALUE;
    private static final long EVERYTHING = Long.MAX_VALUE;

    private final PendingBuffer pending;
    private final int batchSize;
    private final long intervalNanos;
    private long flushAtNanos;

    /** Metrics that were added before this mark are due. */
    private long mark = NOTHING;

    private boolean failed;
    private boolean errorWaits;
    private long errorFlushAtNanos;

    /** @param firstFlushNanos the first flush time, random so that a fleet of applications spreads */
    FlushSchedule(PendingBuffer pending, ClientSettings settings, long firstFlushNanos) {
        this.pending = pending;
        // A full buffer is a batch as well: nothing more fits.
        this.batchSize = Math.min(settings.batchSize(), settings.maxPending());
        this.intervalNanos = settings.flushInterval().toNanos();
        this.flushAtNanos = firstFlushNanos;
        // In the past, so that the first error is due at once.
        this.errorFlushAtNanos = firstFlushNanos - intervalNanos;
    }

    /** A metric was added. Flush times that passed while the buffer was empty do not count. */
    void added(boolean terminalError, long nowNanos) {
        errorWaits |= terminalError;
        if (pending.size() == 1) {
            skipPassed(nowNanos);
        }
    }

    /** An export has failed. */
    void exportFailed() {
        failed = true;
        mark = NOTHING;
    }

    /** Everything that waits at present is due. */
    void flush() {
        flush(pending.mark());
    }

    /** Everything is due, including what is added later. */
    void flushFromNowOn() {
        flush(EVERYTHING);
    }

    private void flush(long upTo) {
        mark = mark == EVERYTHING ? mark : upTo;
        failed = false;
        errorWaits = false;
    }

    /** Looks at the clock. */
    void advance(long nowNanos) {
        if (nowNanos - flushAtNanos >= 0) {
            skipPassed(nowNanos);
            flush();
        }
        if (errorWaits && !failed && nowNanos - errorFlushAtNanos >= 0) {
            errorFlushAtNanos = nowNanos + BETWEEN_ERROR_FLUSHES;
            flush();
        }
    }

    private void skipPassed(long nowNanos) {
        long late = nowNanos - flushAtNanos;
        if (late >= 0) {
            flushAtNanos += (late / intervalNanos + 1) * intervalNanos;
        }
    }

    /** Whether there is something to send now. */
    boolean isDue() {
        return !failed && (pending.hasBefore(mark) || isBatchFull());
    }

    boolean isBatchFull() {
        return pending.size() >= batchSize;
    }

    /** Nanoseconds until {@link #advance} has something to do, negative when it is late. */
    long nanosUntilDue(long nowNanos) {
        long nanos = pending.size() > 0 ? flushAtNanos - nowNanos : Long.MAX_VALUE;
        return errorWaits && !failed ? Math.min(nanos, errorFlushAtNanos - nowNanos) : nanos;
    }
}
