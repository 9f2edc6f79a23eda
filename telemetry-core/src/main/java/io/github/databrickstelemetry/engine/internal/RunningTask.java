package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.runtime.internal.BlockingTask;
import io.github.databrickstelemetry.runtime.internal.Guard;
import org.jspecify.annotations.Nullable;

/** A task of the {@link ExportScheduler} that has a thread: knows how to interrupt it, and when it has ended. */
final class RunningTask implements Runnable {

    final BlockingTask task;
    final long startNanos;
    private final Guard guard;
    private @Nullable Thread thread;
    private boolean interrupted;
    private volatile boolean ended;

    /** Called on the thread of the work when it has ended. */
    volatile Runnable onEnd = () -> {};

    // The worker's own.
    long abortedAtNanos;
    private boolean finished;

    RunningTask(BlockingTask task, long startNanos, Guard guard) {
        this.task = task;
        this.startNanos = startNanos;
        this.guard = guard;
    }

    @Override
    public void run() {
        try {
            if (enter()) {
                task.run();
            }
        } catch (Throwable failure) {
            guard.swallowed("export", failure);
        } finally {
            markEnded();
        }
    }

    private synchronized boolean enter() {
        thread = Thread.currentThread();
        return !interrupted;
    }

    private void markEnded() {
        try {
            synchronized (this) {
                thread = null;
                // The thread serves other tasks, which must not find this one's interrupt.
                Thread.interrupted();
            }
        } finally {
            // If the call below fails, for want of memory, the scheduler finds this mark.
            ended = true;
            guard.run("the end of an export", onEnd::run);
        }
    }

    /** Interrupts the work, or keeps it from beginning. Never blocks. */
    synchronized void interrupt() {
        interrupted = true;
        if (thread != null) {
            thread.interrupt();
        }
    }

    /** There is no thread for the task. */
    void neverRuns() {
        interrupt();
        ended = true;
    }

    /** True once the thread is free again. */
    boolean hasEnded() {
        return ended;
    }

    /** On the worker. */
    void finishOnce() {
        if (!finished) {
            task.finish();
            finished = true;
        }
    }
}
