package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.runtime.internal.Guard;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives exports and flag requests their threads, so that hosts that hang never delay the others for long. Called by the
 * worker only.
 *
 * <ul>
 *   <li>A client has one task in flight. Clients whose last task was fine start first.
 *   <li>At most 16 tasks younger than 50 ms run at a time: fast hosts need few threads, and 300 hosts that begin to hang
 *       together have all started within a second.
 *   <li>At most 256 tasks run at a time, at most 128 of them of clients whose last task failed or took long.
 *   <li>If all places are taken, the longest-running task that is older than a second is aborted in favour of a client
 *       whose last task was fine. Its metrics are kept.
 *   <li>A task that exceeds its own limit is aborted.
 *   <li>An aborted task no longer counts, although a call that cannot be interrupted, such as a name lookup, may still hold
 *       its thread. At most 256 of those are replaced. The metrics of such a task are free again five seconds after it was
 *       aborted.
 * </ul>
 */
final class ExportScheduler {

    static final int MAX_RUNNING = 256;
    static final int MAX_TROUBLED = 128;

    /** Tasks that were aborted but still hold their threads. */
    static final int MAX_ABORTED = 256;

    /** A task that takes longer makes its client a troubled one. */
    static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final int MAX_YOUNG = 16;
    private static final long YOUNG_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long ABORT_GRACE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** Runs tasks on threads. */
    interface Threads {

        void execute(Runnable task);

        /** Ends the threads as soon as their tasks have ended. */
        void shutdown();
    }

    /** A client or a flag host that waits for a thread. */
    interface Request {

        /** Whether its last task failed or took long. */
        boolean isTroubled();

        /** Makes the task, now that there is a thread; null if there is nothing to do any more. */
        @Nullable
        ExportTask start(long nowNanos);
    }

    private final Threads threads;
    private final Consumer<Runnable> worker;
    private final LongSupplier now;
    private final Guard guard;

    // Linked queues: an ArrayDeque that cannot grow for want of memory loses its elements.
    private final Queue<Request> healthy = new ConcurrentLinkedQueue<>();
    private final Queue<Request> troubled = new ConcurrentLinkedQueue<>();

    /** In the order of their starts. */
    private final Set<ExportTask> running = new LinkedHashSet<>();

    private final Set<ExportTask> aborted = new LinkedHashSet<>();
    private final Set<ExportTask> troubledRunning = new LinkedHashSet<>();
    private final List<ExportTask> toRelease = new ArrayList<>();
    private long releaseAtNanos;
    private long checkAtNanos;

    /**
     * @param worker brings a message to the worker, from any thread
     * @param now the worker's reading of the monotonic clock
     */
    ExportScheduler(Threads threads, Consumer<Runnable> worker, LongSupplier now, Guard guard) {
        this.threads = threads;
        this.worker = worker;
        this.now = now;
        this.guard = guard;
    }

    /** Queues a request. The same request must not be queued again before it was started. */
    void request(Request request) {
        (request.isTroubled() ? troubled : healthy).add(request);
    }

    /** Whether a request waits for a thread. */
    boolean hasWaiting() {
        return !healthy.isEmpty() || !troubled.isEmpty();
    }

    /** Starts what may start, and looks after what runs too long. */
    void pump(long nowNanos) {
        if (nowNanos - checkAtNanos >= 0 && !(running.isEmpty() && aborted.isEmpty())) {
            check(nowNanos);
            checkAtNanos = nowNanos + CHECK_NANOS;
        }
        if (hasWaiting()) {
            startWaiting(nowNanos);
        }
        releaseAborted(nowNanos);
    }

    private void startWaiting(long nowNanos) {
        int mayStart = MAX_YOUNG - young(nowNanos);
        while (mayStart > 0 && !healthy.isEmpty() && makePlace(nowNanos)) {
            mayStart -= start(healthy.remove(), false, nowNanos);
        }
        while (mayStart > 0
                && !troubled.isEmpty()
                && troubledRunning.size() < MAX_TROUBLED
                && running.size() < MAX_RUNNING) {
            mayStart -= start(troubled.remove(), true, nowNanos);
        }
    }

    private int young(long nowNanos) {
        int young = 0;
        for (ExportTask task : running) {
            if (task.age(nowNanos) < YOUNG_NANOS) {
                young++;
            }
        }
        return young;
    }

    private boolean makePlace(long nowNanos) {
        if (running.size() < MAX_RUNNING) {
            return true;
        }
        ExportTask oldest = running.iterator().next();
        if (oldest.age(nowNanos) < LONG_NANOS || aborted.size() >= MAX_ABORTED) {
            return false;
        }
        abort(oldest, nowNanos);
        return true;
    }

    /** Returns the number of tasks that began: 1, or 0 if there was nothing to do. */
    private int start(Request request, boolean isTroubled, long nowNanos) {
        ExportTask task = request.start(nowNanos);
        if (task == null) {
            return 0;
        }
        task.begin(nowNanos);
        try {
            running.add(task);
            if (isTroubled) {
                troubledRunning.add(task);
            }
            task.onEnd(() -> worker.accept(() -> leave(task, now.getAsLong())));
            threads.execute(task);
        } catch (Throwable noThread) {
            // The machine is out of threads or of memory.
            task.neverRuns();
            leave(task, nowNanos);
            guard.swallowed("starting an export", noThread);
        }
        return 1;
    }

    /** If the task cannot be finished, for want of memory, it stays and the next check tries again. */
    private void leave(ExportTask task, long nowNanos) {
        task.finishOnce(nowNanos);
        running.remove(task);
        troubledRunning.remove(task);
        aborted.remove(task);
        toRelease.remove(task);
    }

    /** If there is no memory for it, the next check tries again. */
    private void abort(ExportTask task, long nowNanos) {
        aborted.add(task);
        toRelease.add(task);
        releaseAtNanos = nowNanos;
        task.abort(nowNanos);
        running.remove(task);
        troubledRunning.remove(task);
    }

    /** If there is no thread for it, tries again with the next check. */
    private void releaseAborted(long nowNanos) {
        if (toRelease.isEmpty() || nowNanos - releaseAtNanos < 0) {
            return;
        }
        List<ExportTask> tasks = List.copyOf(toRelease);
        if (runBeside("aborting exports", () -> tasks.forEach(this::release))) {
            toRelease.clear();
        } else {
            releaseAtNanos = nowNanos + CHECK_NANOS;
        }
    }

    private void release(ExportTask task) {
        guard.run("aborting an export", task::release);
    }

    private void check(long nowNanos) {
        for (ExportTask task : List.copyOf(running)) {
            if (task.hasEnded()) {
                leave(task, nowNanos);
            } else if (task.isOverLimit(nowNanos)) {
                abort(task, nowNanos);
            }
        }
        for (ExportTask task : List.copyOf(aborted)) {
            if (task.hasEnded()) {
                leave(task, nowNanos);
            } else if (task.nanosSinceAbort(nowNanos) >= ABORT_GRACE_NANOS) {
                task.finishOnce(nowNanos);
            }
        }
    }

    /** Nanoseconds until {@link #pump} has something to do if nothing ends before. */
    long nanosUntilDue(long nowNanos) {
        boolean nothingRuns = running.isEmpty() && aborted.isEmpty();
        long untilCheck = nothingRuns ? Long.MAX_VALUE : Math.max(0, checkAtNanos - nowNanos);
        return hasWaiting() ? Math.min(untilCheck, YOUNG_NANOS) : untilCheck;
    }

    /**
     * Runs something that may block, such as closing an exporter, on a thread of its own.
     *
     * @return false if there is no thread for it
     */
    boolean runBeside(String what, Guard.Task task) {
        try {
            threads.execute(() -> guard.run(what, task));
            return true;
        } catch (Throwable noThread) {
            guard.swallowed(what, noThread);
            return false;
        }
    }

    /** Aborts everything that runs. */
    void abortAll(long nowNanos) {
        for (ExportTask task : List.copyOf(running)) {
            abort(task, nowNanos);
        }
        releaseAborted(nowNanos);
    }

    /** Aborts everything and ends the threads. */
    void shutdown(long nowNanos) {
        abortAll(nowNanos);
        guard.run("ending the export threads", threads::shutdown);
    }
}
