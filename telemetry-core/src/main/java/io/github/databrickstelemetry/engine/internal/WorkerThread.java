package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.runtime.internal.Guard;
import java.util.concurrent.CountDownLatch;
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
    private final ThreadFactory threads;
    private final Guard guard;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private boolean needed;
    private volatile boolean suspended;

    /** Whether the thread runs no further round, although it may still be alive. */
    private volatile boolean ended;

    private volatile @Nullable Thread thread;

    WorkerThread(Runnable round, ThreadFactory threads, Guard guard) {
        this.round = round;
        this.threads = threads;
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

    /** Ends the thread, unless {@link #resume} was called after {@link #isWanted} was read. */
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
        return !suspended && !hasStopped();
    }

    boolean hasStopped() {
        return stopped.getCount() == 0;
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
     * Starts the thread unless it runs; while suspended, as soon as it is resumed. A machine may be out of threads: then the
     * next call tries again.
     */
    synchronized void start() {
        needed = true;
        if (isWanted() && !isAlive()) {
            guard.run("starting the worker", () -> {
                Thread started = threads.newThread(this::loop);
                started.start();
                // The new thread cannot end before this method does.
                thread = started;
                ended = false;
            });
        }
    }

    void unpark() {
        LockSupport.unpark(thread);
    }

    /** Ends the thread after the present round. A round that takes longer than the timeout is interrupted. */
    void suspend(long timeoutMillis) throws InterruptedException {
        suspended = true;
        unpark();
        Thread running = thread;
        if (running != null && !isCurrent()) {
            running.join(timeoutMillis);
            if (isAlive()) {
                running.interrupt();
            }
        }
    }

    /** Starts the thread again after {@link #suspend}. One that is still in its last round goes on. */
    synchronized void resume() {
        suspended = false;
        if (needed) {
            start();
        }
    }

    /** Ends the thread for good after the present round. Allocates nothing. */
    void stop() {
        stopped.countDown();
        unpark();
    }

    /**
     * Waits until {@link #stop} was called. What the worker waits for after the timeout, for example a listener that hangs, is
     * interrupted.
     */
    boolean awaitStop(long timeoutNanos) throws InterruptedException {
        try {
            return stopped.await(timeoutNanos, TimeUnit.NANOSECONDS);
        } finally {
            Thread running = thread;
            if (running != null && !hasStopped()) {
                running.interrupt();
            }
        }
    }
}
