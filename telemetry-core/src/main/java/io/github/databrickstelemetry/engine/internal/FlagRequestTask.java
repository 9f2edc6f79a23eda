package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.flag.internal.FlagTask;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.util.concurrent.TimeUnit;

/** A request for a feature flag. Its result reaches the worker through the flag cache's listener. */
final class FlagRequestTask extends ExportTask implements ExportScheduler.Request {

    /** Several principals may be tried one after the other, each with its own timeouts. */
    private static final long LIMIT_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final FlagTask task;
    private volatile boolean ran;

    FlagRequestTask(FlagTask task, Guard guard) {
        super(LIMIT_NANOS, guard);
        this.task = task;
    }

    @Override
    public boolean isTroubled() {
        return task.isTroubled();
    }

    @Override
    public ExportTask start(long nowNanos) {
        return this;
    }

    @Override
    void work() {
        ran = true;
        task.run();
    }

    @Override
    void release() {
        task.abort();
    }

    @Override
    void finish(long nowNanos) {
        if (!ran) {
            task.notRun();
        }
    }
}
