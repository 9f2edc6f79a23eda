package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.flag.internal.FlagTask;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.util.function.Consumer;

/** A question about a feature flag, which shares the threads of the exports. */
final class TaskRun extends LaneRun {

    private final FlagTask task;
    private volatile boolean ran;

    TaskRun(FlagTask task, Lane lane, long startNanos, Consumer<LaneRun> done, Guard guard) {
        super(startNanos, lane, done, guard);
        this.task = task;
    }

    @Override
    void work() {
        ran = true;
        task.run();
    }

    @Override
    void ended(long nowNanos) {
        // Otherwise the flag's own listener tells the worker.
        if (!ran) {
            task.notRun();
        }
    }
}
