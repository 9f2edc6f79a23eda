package io.github.databrickstelemetry.runtime.internal;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.helpers.NOPLogger;

/**
 * Makes the engine's threads: daemons named {@code databricks-telemetry-*} that inherit nothing from the thread that
 * starts them. Their context class loader is the engine's own, because an application's would be kept alive by a thread
 * that hangs in a request after the application is gone. Thread-safe.
 */
public final class TelemetryThreads implements ThreadFactory {

    private final String name;
    private final Guard guard;
    private final AtomicInteger count = new AtomicInteger();

    /** Threads of which it is not counted what ends them. */
    public TelemetryThreads(String purpose) {
        this(purpose, new Guard(NOPLogger.NOP_LOGGER));
    }

    /** @param guard takes what ends a thread; the default handler would print it to the standard error stream */
    public TelemetryThreads(String purpose, Guard guard) {
        this.name = "databricks-telemetry-" + purpose;
        this.guard = guard;
    }

    @Override
    public Thread newThread(Runnable task) {
        Thread thread = new Thread(null, task, name + "-" + count.incrementAndGet(), 0, false);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler(this::ended);
        thread.setContextClassLoader(TelemetryThreads.class.getClassLoader());
        return thread;
    }

    private void ended(Thread thread, Throwable failure) {
        try {
            guard.swallowed("a thread", failure);
        } catch (Throwable outOfMemory) {
            // Even the guard's catch may need memory. What leaves this handler is printed to the standard error stream.
            Thread.onSpinWait();
        }
    }
}
