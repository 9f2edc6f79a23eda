package io.github.databrickstelemetry.client;

import io.github.databrickstelemetry.runtime.Guard;
import java.util.function.Consumer;

/** A question about a feature flag, which shares the threads of the exports. */
final class TaskRun extends LaneRun {

    private final Runnable task;

    TaskRun(Runnable task, long startNanos, Consumer<LaneRun> done, Guard guard) {
        super(startNanos, false, done, guard);
        this.task = task;
    }

    @Override
    void work() {
        task.run();
    }

    @Override
    void ended(long nowNanos) {
        // The flag's own listener tells the worker.
    }
}
