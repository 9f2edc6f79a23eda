package io.github.databrickstelemetry.workspace.internal;

import io.github.databrickstelemetry.runtime.internal.TelemetryThreads;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends what takes too long, because a blocked write and a response that trickles have no timeout of their own. Its one
 * thread lives while requests are in flight and a second longer. Thread-safe.
 */
final class Deadlines {

    private @Nullable ScheduledThreadPoolExecutor timer;

    /**
     * Runs a task after some time, unless it is cancelled before.
     *
     * @param task quick, never blocks
     */
    synchronized Future<?> after(Duration time, Runnable task) {
        if (timer == null) {
            timer = new ScheduledThreadPoolExecutor(1, new TelemetryThreads("deadline"));
            timer.setKeepAliveTime(1, TimeUnit.SECONDS);
            timer.allowCoreThreadTimeOut(true);
            timer.setRemoveOnCancelPolicy(true);
        }
        return timer.schedule(task, time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Ends the thread. A later deadline starts another. */
    synchronized void close() {
        if (timer != null) {
            timer.shutdownNow();
            timer = null;
        }
    }
}
