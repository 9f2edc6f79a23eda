package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.runtime.internal.TelemetryThreads;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Platform threads for exports, made on demand and gone after five idle seconds. Virtual threads would save memory, but a
 * name lookup pins the carrier that it runs on, and the application shares those.
 */
final class ExportThreads implements ExportScheduler.Threads {

    private static final long KEEP_ALIVE_SECONDS = 5;

    /** Tasks, aborted tasks that hold their threads, and closers of exporters. */
    private static final int MAX_THREADS = ExportScheduler.MAX_RUNNING + ExportScheduler.MAX_ABORTED + 32;

    private final ThreadPoolExecutor pool;

    ExportThreads(Guard guard) {
        pool = new ThreadPoolExecutor(
                0,
                MAX_THREADS,
                KEEP_ALIVE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                new TelemetryThreads("export", guard));
    }

    @Override
    public void execute(Runnable task) {
        pool.execute(task);
    }

    /** Whether threads without a task wait for another. */
    void keepIdle(boolean keep) {
        pool.setKeepAliveTime(keep ? TimeUnit.SECONDS.toNanos(KEEP_ALIVE_SECONDS) : 1, TimeUnit.NANOSECONDS);
    }

    @Override
    public void shutdown() {
        pool.shutdown();
    }
}
