package io.github.databrickstelemetry.runtime.internal;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes the engine's threads: daemons named {@code databricks-telemetry-*} that inherit nothing from whoever happens to
 * start them. Their context class loader is the engine's own, because an application's would be kept alive by a thread
 * that hangs in a request after the application is gone. Thread-safe.
 */
public final class TelemetryThreads implements ThreadFactory {

    private final String name;
    private final AtomicInteger count = new AtomicInteger();

    /** @param purpose the last part of the threads' names */
    public TelemetryThreads(String purpose) {
        this.name = "databricks-telemetry-" + purpose;
    }

    @Override
    public Thread newThread(Runnable task) {
        Thread thread = new Thread(null, task, name + "-" + count.incrementAndGet(), 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(TelemetryThreads.class.getClassLoader());
        return thread;
    }
}
