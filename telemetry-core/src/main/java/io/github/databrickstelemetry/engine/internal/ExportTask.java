package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.runtime.internal.Guard;
import org.jspecify.annotations.Nullable;

/**
 * Work that may block, on a thread of the {@link ExportScheduler}: an export or a flag request. The scheduler calls
 * {@link #finish} once, whatever happens to the work.
 */
abstract class ExportTask implements Runnable {

    private final long limitNanos;
    private final Guard guard;
    private @Nullable Thread thread;
    private boolean aborted;
    private volatile boolean ended;
    private volatile @Nullable Runnable onEnd;

    // The worker's own.
    private long startNanos;
    private long abortedAtNanos;
    private boolean finished;

    /** @param limitNanos the time after which the work is aborted */
    ExportTask(long limitNanos, Guard guard) {
        this.limitNanos = limitNanos;
        this.guard = guard;
    }

    /** Does the work. Not called if the task is aborted before. */
    abstract void work();

    /** Closes what the work waits for, for example a socket. Called by another thread; may block. */
    abstract void release();

    /** Takes the result, on the worker. The work may still run if it could not be aborted. */
    abstract void finish(long nowNanos);

    /** @param task called on the thread of the work when it has ended */
    final void onEnd(Runnable task) {
        onEnd = task;
    }

    @Override
    public final void run() {
        try {
            if (enter()) {
                work();
            }
        } catch (Throwable failure) {
            guard.swallowed("export", failure);
        } finally {
            leave();
        }
    }

    private synchronized boolean enter() {
        thread = Thread.currentThread();
        return !aborted;
    }

    private void leave() {
        try {
            synchronized (this) {
                thread = null;
                // The thread serves other tasks, which must not find this one's interrupt.
                Thread.interrupted();
            }
        } finally {
            // If the call below fails, for want of memory, the scheduler finds this mark.
            ended = true;
            Runnable task = onEnd;
            if (task != null) {
                guard.run("the end of an export", task::run);
            }
        }
    }

    /** Interrupts the work, or keeps it from beginning. Never blocks. */
    final void interrupt() {
        synchronized (this) {
            aborted = true;
            if (thread != null) {
                thread.interrupt();
            }
        }
    }

    /** There is no thread for the task. */
    final void neverRuns() {
        interrupt();
        ended = true;
    }

    /** True once the thread is free again. */
    final boolean hasEnded() {
        return ended;
    }

    // On the worker.

    /** Interrupts the work and notes the time. */
    final void abort(long nowNanos) {
        abortedAtNanos = nowNanos;
        interrupt();
    }

    final void begin(long nowNanos) {
        startNanos = nowNanos;
    }

    final void finishOnce(long nowNanos) {
        if (!finished) {
            finish(nowNanos);
            finished = true;
        }
    }

    /** Nanoseconds since the start. */
    final long age(long nowNanos) {
        return nowNanos - startNanos;
    }

    final boolean isOverLimit(long nowNanos) {
        return age(nowNanos) >= limitNanos;
    }

    final long nanosSinceAbort(long nowNanos) {
        return nowNanos - abortedAtNanos;
    }
}
