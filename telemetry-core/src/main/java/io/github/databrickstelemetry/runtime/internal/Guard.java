package io.github.databrickstelemetry.runtime.internal;

import java.util.concurrent.Callable;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The boundary of the engine: every entry point from an application, and every task on a thread of ours, ends here if
 * it fails. The failure is counted and logged at debug with its class only, because messages and stack traces of
 * foreign exceptions may hold SQL text or secrets. Thread-safe; never throws.
 */
public final class Guard {

    private final Logger logger;
    private final LongAdder swallowed = new LongAdder();

    public Guard(Logger logger) {
        this.logger = logger;
    }

    /** A task that may fail in any way. */
    @FunctionalInterface
    public interface Task {
        @SuppressWarnings("checkstyle:IllegalThrows")
        void run() throws Throwable;
    }

    /**
     * Runs a task and swallows whatever it throws.
     *
     * @param what for the log line, for example {@code "flush"}
     */
    public void run(String what, Task task) {
        try {
            task.run();
        } catch (Throwable failure) {
            swallowed(what, failure);
        }
    }

    /** What a call returns; null if it fails, which is swallowed. */
    public <T> @Nullable T get(String what, Callable<? extends @Nullable T> call) {
        try {
            return call.call();
        } catch (Throwable failure) {
            swallowed(what, failure);
            return null;
        }
    }

    /** Counts and logs a failure that the caller has caught. For hot paths, where a lambda would be an allocation. */
    public void swallowed(String what, Throwable failure) {
        try {
            swallowed.increment();
            if (failure instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            if (logger.isDebugEnabled()) {
                logger.debug(
                        "Telemetry failed in {} and was ignored: {}",
                        what,
                        failure.getClass().getName());
            }
        } catch (Throwable ignored) {
            // Out of stack or memory, or a logging back end that throws: the application must not notice either.
            Thread.onSpinWait();
        }
    }

    /** How many failures ended here. */
    public long count() {
        return swallowed.sum();
    }
}
