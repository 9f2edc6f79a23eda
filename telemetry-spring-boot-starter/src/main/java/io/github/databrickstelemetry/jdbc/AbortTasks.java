package io.github.databrickstelemetry.jdbc;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What a driver gives an executor to do for {@link java.sql.Connection#abort}, which may go on after the call: the
 * connection has ended when the call and all of its tasks are over. Thread-safe.
 */
final class AbortTasks implements Executor {

    private final @Nullable Executor executor;
    private final Runnable whenOver;

    /** The tasks that are not over, and the call itself. */
    private final AtomicInteger open = new AtomicInteger(1);

    /**
     * @param executor null where the application gave none: then the driver must not be given this one either
     * @param whenOver runs once, on the thread of what is over last; must not throw
     */
    AbortTasks(@Nullable Executor executor, Runnable whenOver) {
        this.executor = executor;
        this.whenOver = whenOver;
    }

    @Override
    public void execute(Runnable task) {
        Executor given = Objects.requireNonNull(executor);
        open.incrementAndGet();
        // An executor that runs a task at once lets what it throws through, as does one that refuses it.
        AtomicBoolean over = new AtomicBoolean();
        try {
            given.execute(() -> {
                try {
                    task.run();
                } finally {
                    end(over);
                }
            });
        } catch (Throwable failure) {
            end(over);
            throw failure;
        }
    }

    private void end(AtomicBoolean over) {
        if (over.compareAndSet(false, true)) {
            ended();
        }
    }

    /** The call is over. */
    void returned() {
        ended();
    }

    private void ended() {
        if (open.decrementAndGet() == 0) {
            whenOver.run();
        }
    }
}
