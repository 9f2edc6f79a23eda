package io.github.databrickstelemetry.workspace.internal;

import io.github.databrickstelemetry.runtime.internal.TelemetryThreads;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to workspaces. Thread-safe. A request blocks the thread that sends it, and no other: name, connection
 * and TLS are that thread's own work, and no connection outlives its request.
 */
public final class WorkspaceHttp implements AutoCloseable {

    /** Finds all addresses of a name. Thread-safe; may block. */
    @FunctionalInterface
    public interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    final Resolver resolver;
    final TlsContexts tls = new TlsContexts();

    /** Its one thread lives while requests are in flight and a second longer. */
    private @Nullable ScheduledThreadPoolExecutor deadlines;

    /** Uses the machine's own resolver. */
    public WorkspaceHttp() {
        this(InetAddress::getAllByName);
    }

    public WorkspaceHttp(Resolver resolver) {
        this.resolver = resolver;
    }

    /** A channel for the requests of one task. Does no I/O and makes no thread. */
    public WorkspaceChannel open() {
        return new WorkspaceChannel(this);
    }

    /**
     * Runs a task after some time, unless it is cancelled before. A blocked write and a response that trickles have no
     * timeout of their own.
     *
     * @param task quick, never blocks
     */
    synchronized Future<?> after(Duration time, Runnable task) {
        if (deadlines == null) {
            deadlines = new ScheduledThreadPoolExecutor(1, new TelemetryThreads("deadline"));
            deadlines.setKeepAliveTime(1, TimeUnit.SECONDS);
            deadlines.allowCoreThreadTimeOut(true);
            deadlines.setRemoveOnCancelPolicy(true);
        }
        return deadlines.schedule(task, time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Ends the thread that watches deadlines, once all channels are closed. A later request starts another. */
    @Override
    public synchronized void close() {
        if (deadlines != null) {
            deadlines.shutdownNow();
            deadlines = null;
        }
    }
}
