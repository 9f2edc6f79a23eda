package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.flag.internal.FlagTask;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.util.concurrent.TimeUnit;

/** A request for a feature flag. Its result reaches the worker through the flag cache's listener. */
final class FlagRequestTask extends ExportTask {

    /** Several principals may be tried one after the other, each with its own timeouts. */
    private static final long LIMIT_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final FlagTask task;
    private volatile boolean ran;

    /** A flag request that waits for a thread. */
    record Request(FlagTask task, Guard guard) implements ExportScheduler.Request {

        @Override
        public boolean isTroubled() {
            return task.isTroubled();
        }

        @Override
        public ExportTask start(long nowNanos) {
            return new FlagRequestTask(task, nowNanos, guard);
        }
    }

    private FlagRequestTask(FlagTask task, long startNanos, Guard guard) {
        super(startNanos, LIMIT_NANOS, guard);
        this.task = task;
    }

    @Override
    void work() {
        ran = true;
        task.run();
    }

    @Override
    void release() {
        // The interrupt is all there is.
    }

    @Override
    void finish(long nowNanos) {
        if (!ran) {
            task.notRun();
        }
    }
}
