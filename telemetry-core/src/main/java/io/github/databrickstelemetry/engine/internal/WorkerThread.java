package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.runtime.internal.Guard;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Runs the rounds of the {@link TelemetryWorker}, until it is suspended or stops. A round that fails, for example for want
 * of memory, does not end it. Thread-safe.
 */
final class WorkerThread {

    private static final long AFTER_FAILURE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Runnable round;
    private final Guard guard;
    private volatile boolean suspended;
    private volatile boolean stopped;

    /** Whether the thread runs no further round, although it may still be alive. */
    private volatile boolean ended;

    private volatile @Nullable Thread thread;

    WorkerThread(Runnable round, Guard guard) {
        this.round = round;
        this.guard = guard;
    }

    private void loop() {
        // The thread that starts this one may not have set the field yet.
        thread = Thread.currentThread();
        boolean wanted = true;
        while (wanted) {
            try {
                runRound();
                wanted = isWanted() || !end();
            } catch (Throwable outOfMemory) {
                // Even the guard's line may need memory. This does not.
                wanted = true;
            }
        }
    }

    /** Ends the thread, unless {@link #start} was called after {@link #isWanted} was read. */
    private synchronized boolean end() {
        ended = !isWanted();
        return ended;
    }

    private void runRound() {
        try {
            round.run();
        } catch (Throwable failure) {
            // Without memory the next round fails as well, and each failure costs the application a collection.
            LockSupport.parkNanos(AFTER_FAILURE_NANOS);
            guard.swallowed("the worker", failure);
        }
    }

    /** Whether another round is to come. */
    boolean isWanted() {
        return !stopped && !suspended;
    }

    boolean hasStopped() {
        return stopped;
    }

    boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    /** False if there is no thread yet, or none any more that runs rounds. */
    boolean isAlive() {
        Thread started = thread;
        return started != null && !ended && started.isAlive();
    }

    /**
     * Starts the thread, unless there is one that is still in the round during which it was suspended: that one goes on. To
     * be called again after it has thrown.
     */
    synchronized void start(ThreadFactory threads) {
        suspended = false;
        if (isAlive()) {
            return;
        }
        Thread started = threads.newThread(this::loop);
        started.start();
        // The new thread cannot end before this method does.
        thread = started;
        ended = false;
    }

    void unpark() {
        LockSupport.unpark(thread);
    }

    /** Interrupts what the worker waits for, for example a listener that hangs. */
    void interrupt() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    /**
     * Ends the thread after the present round, until {@link #start} makes another.
     *
     * @return false if the thread has not ended in time
     */
    boolean suspend(long timeoutMillis) throws InterruptedException {
        suspended = true;
        unpark();
        Thread running = thread;
        if (running != null) {
            running.join(timeoutMillis);
        }
        return !isAlive();
    }

    /** Ends the thread for good after the present round. */
    void stop() {
        stopped = true;
    }
}
