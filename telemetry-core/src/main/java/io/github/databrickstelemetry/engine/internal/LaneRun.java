package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.runtime.internal.Guard;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Something that may block, on an export thread. Whatever becomes of it, {@code done} is told.
 */
abstract class LaneRun implements Runnable {

    /** Runs in one lane delay each other, and nobody else. */
    enum Lane {
        FAST,
        SLOW,
        QUESTIONS
    }

    private final long startNanos;
    private final Lane lane;
    private final Consumer<LaneRun> done;
    private final Guard guard;
    private final Object lock = new Object();
    private @Nullable Thread thread;
    private boolean interrupted;

    /**
     * @param startNanos the monotonic clock's reading now
     * @param lane where it waited its turn
     * @param done called on the export thread, or on the worker if there is none
     */
    LaneRun(long startNanos, Lane lane, Consumer<LaneRun> done, Guard guard) {
        this.startNanos = startNanos;
        this.lane = lane;
        this.done = done;
        this.guard = guard;
    }

    /** Does what may block; not called at all if interrupted or abandoned before. */
    abstract void work();

    /** Tells the worker's side, on the worker. */
    abstract void ended(long nowNanos);

    @Override
    public final void run() {
        try {
            if (begin()) {
                work();
            }
        } catch (Throwable failure) {
            guard.swallowed("export", failure);
        } finally {
            end();
            done.accept(this);
        }
    }

    private boolean begin() {
        synchronized (lock) {
            thread = Thread.currentThread();
            return !interrupted;
        }
    }

    private void end() {
        synchronized (lock) {
            thread = null;
            // The thread is not ours: the next run must not find this one's interrupt.
            Thread.interrupted();
        }
    }

    /** Makes it return soon, or not even begin. From any thread. */
    final void interrupt() {
        synchronized (lock) {
            interrupted = true;
            if (thread != null) {
                thread.interrupt();
            }
        }
    }

    /** There is no thread for it. On the worker. */
    final void abandon() {
        interrupt();
        done.accept(this);
    }

    final boolean isInterrupted() {
        synchronized (lock) {
            return interrupted;
        }
    }

    final Lane lane() {
        return lane;
    }

    final long age(long nowNanos) {
        return nowNanos - startNanos;
    }
}
