package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts, suspends, resumes and ends the threads of one engine. Thread-safe. */
final class EngineLifecycle {

    private static final Logger logger = LoggerFactory.getLogger(EngineLifecycle.class);

    private final TelemetryWorker worker;
    private final ExportThreads exportThreads;
    private final ThreadFactory workerThreads;
    private final TelemetryClock clock;
    private final long closeNanos;
    private final Guard guard;
    private boolean needed;
    private boolean suspended;
    private boolean closed;

    /** @param closeTimeout the longest time that {@link #suspend} and {@link #close} wait for the exports */
    EngineLifecycle(
            TelemetryWorker worker,
            ExportThreads exportThreads,
            ThreadFactory workerThreads,
            TelemetryClock clock,
            Duration closeTimeout,
            Guard guard) {
        this.worker = worker;
        this.exportThreads = exportThreads;
        this.workerThreads = workerThreads;
        this.clock = clock;
        this.closeNanos = closeTimeout.toNanos();
        this.guard = guard;
    }

    /** Starts the worker if it does not run. A machine may be out of threads: then the next call tries again. */
    synchronized void start() {
        needed = true;
        if (!suspended && !closed) {
            guard.run("starting the worker", () -> worker.thread().start(workerThreads));
        }
    }

    /** Sends what is pending, within the close timeout, and ends all threads and requests until {@link #resume}. */
    void suspend(List<EngineClient> clients) {
        synchronized (this) {
            if (closed || suspended) {
                return;
            }
            suspended = true;
        }
        if (worker.thread().isAlive() && !worker.thread().isCurrent()) {
            guard.run("suspending", () -> endThreads(clients));
        }
    }

    private void endThreads(List<EngineClient> clients) throws InterruptedException {
        long start = clock.nanoTime();
        clients.forEach(EngineClient::flush);
        while (!isDone(clients) && clock.nanoTime() - start < closeNanos) {
            LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(5));
        }
        worker.runAndWait(() -> worker.scheduler().abortAll(worker.now()));
        if (!worker.thread().suspend(Math.max(100, TimeUnit.NANOSECONDS.toMillis(closeNanos)))) {
            worker.thread().interrupt();
        }
        exportThreads.keepIdle(false);
    }

    private boolean isDone(List<EngineClient> clients) {
        AtomicBoolean done = new AtomicBoolean();
        worker.runAndWait(() ->
                done.set(clients.stream().allMatch(client -> client.pipeline().isDone())));
        return done.get();
    }

    /** Starts again after {@link #suspend}. */
    void resume() {
        synchronized (this) {
            if (!suspended) {
                return;
            }
            suspended = false;
            exportThreads.keepIdle(true);
            if (needed) {
                start();
            }
        }
    }

    /** No thread starts from now on; false if it was called before. */
    synchronized boolean close() {
        boolean first = !closed;
        closed = true;
        return first;
    }

    /**
     * Ends the threads, within the close timeout.
     *
     * @param beginClose begins to close everything, on the worker; takes the time at which it must have ended
     * @param whenClientsClosed runs on the worker when no client is left; takes the same time
     * @param whenDone the worker's last act
     */
    void end(LongConsumer beginClose, LongConsumer whenClientsClosed, Runnable whenDone) throws InterruptedException {
        // The worker gives up a little earlier than this thread, so that its last counters are complete.
        long margin = Math.min(closeNanos / 8, TimeUnit.MILLISECONDS.toNanos(100));
        long deadline = clock.nanoTime() + closeNanos - margin;
        CountDownLatch done = new CountDownLatch(1);
        worker.post(() -> {
            try {
                beginClose.accept(deadline);
            } finally {
                worker.stopWhenEmpty(() -> whenClientsClosed.accept(deadline), () -> {
                    whenDone.run();
                    done.countDown();
                });
            }
        });
        if (worker.thread().isCurrent()) {
            return;
        }
        try {
            if (!done.await(closeNanos, TimeUnit.NANOSECONDS)) {
                logger.debug("Telemetry did not close in time");
                worker.thread().interrupt();
            }
        } catch (InterruptedException interrupted) {
            worker.thread().interrupt();
            throw interrupted;
        }
    }
}
