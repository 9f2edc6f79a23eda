package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.runtime.internal.TelemetryThreads;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The platform threads that exports block: as many as {@link ExportLanes} asks for, none when there is nothing to do. */
final class ExportThreads implements ExportLanes.Carrier {

    private static final long KEEP_ALIVE_SECONDS = 5;

    private final ThreadPoolExecutor pool;

    /** @param most the number of threads at the most */
    ExportThreads(int most) {
        // The queue takes everything beyond the core size, so it is the core size that says how many threads there are.
        pool = new ThreadPoolExecutor(
                1,
                most,
                KEEP_ALIVE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new TelemetryThreads("export"));
        pool.allowCoreThreadTimeOut(true);
    }

    @Override
    public void resize(int threads) {
        int size = Math.max(1, Math.min(threads, pool.getMaximumPoolSize()));
        if (pool.getCorePoolSize() != size) {
            pool.setCorePoolSize(size);
        }
    }

    @Override
    public void execute(Runnable task) {
        try {
            pool.execute(task);
        } catch (RejectedExecutionException closed) {
            // Only after the engine has closed, when nobody waits for the task any more.
            Thread.onSpinWait();
        }
    }

    @Override
    public void shutdown() {
        try {
            resize(pool.getMaximumPoolSize());
        } finally {
            pool.shutdown();
        }
    }
}
