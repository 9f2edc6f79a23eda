package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.runtime.internal.BlockingTask;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.runtime.internal.TelemetryThreads;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

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

    /** A task that takes longer makes its client a troubled one. */
    static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** An idle thread ends after this time. */
    static final long KEEP_ALIVE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** Tasks that were aborted but still hold their threads. */
    private static final int MAX_ABORTED = 256;

    private static final int MAX_YOUNG = 16;
    private static final long YOUNG_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long ABORT_GRACE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Executor threads;
    private final TelemetryWorker worker;
    private final Guard guard;

    // Linked queues: an ArrayDeque that cannot grow for want of memory loses its elements.
    private final Queue<BlockingTask> healthy = new ConcurrentLinkedQueue<>();
    private final Queue<BlockingTask> troubled = new ConcurrentLinkedQueue<>();

    /** In the order of their starts. */
    private final Set<RunningTask> running = new LinkedHashSet<>();

    private final Set<RunningTask> aborted = new LinkedHashSet<>();
    private long checkAtNanos;

    ExportScheduler(Executor threads, TelemetryWorker worker, Guard guard) {
        this.threads = threads;
        this.worker = worker;
        this.guard = guard;
        this.checkAtNanos = worker.now();
    }

    /**
     * Platform threads, made on demand. Virtual threads would save memory, but a name lookup pins the carrier that it runs
     * on, and the application shares those.
     */
    static ThreadPoolExecutor threads(Guard guard) {
        return new ThreadPoolExecutor(
                0,
                MAX_RUNNING + MAX_ABORTED,
                KEEP_ALIVE_NANOS,
                TimeUnit.NANOSECONDS,
                new SynchronousQueue<>(),
                new TelemetryThreads("export", guard));
    }

    /** Queues a task until there is a thread for it. */
    void request(BlockingTask task) {
        (task.isTroubled() ? troubled : healthy).add(task);
    }

    /** Whether a task waits for a thread. */
    boolean hasWaiting() {
        return !healthy.isEmpty() || !troubled.isEmpty();
    }

    /** Starts what may start, and looks after what runs too long. */
    void pump() {
        long now = worker.now();
        if (now - checkAtNanos >= 0 && !(running.isEmpty() && aborted.isEmpty())) {
            checkAtNanos = now + CHECK_NANOS;
            check(now);
        }
        if (hasWaiting()) {
            startWaiting(now);
        }
    }

    private void startWaiting(long now) {
        int mayStart = MAX_YOUNG - countRunning(run -> now - run.startNanos < YOUNG_NANOS);
        while (mayStart > 0 && !healthy.isEmpty() && makePlace(now)) {
            mayStart -= startNext(healthy, now);
        }
        while (mayStart > 0
                && !troubled.isEmpty()
                && running.size() < MAX_RUNNING
                && countRunning(run -> run.task.isTroubled()) < MAX_TROUBLED) {
            mayStart -= startNext(troubled, now);
        }
    }

    private int countRunning(Predicate<RunningTask> condition) {
        int count = 0;
        for (RunningTask run : running) {
            count += condition.test(run) ? 1 : 0;
        }
        return count;
    }

    private boolean makePlace(long now) {
        if (running.size() < MAX_RUNNING) {
            return true;
        }
        RunningTask oldest = running.iterator().next();
        if (now - oldest.startNanos < LONG_NANOS || aborted.size() >= MAX_ABORTED) {
            return false;
        }
        abort(oldest);
        return true;
    }

    /** Returns the number of tasks that began: 1, or 0 if there was nothing to do. */
    private int startNext(Queue<BlockingTask> waiting, long now) {
        // Added first: without memory for it, the task stays in the queue, and no task that has begun is lost.
        RunningTask run = new RunningTask(waiting.element(), now, guard);
        running.add(run);
        boolean begun = false;
        try {
            begun = waiting.remove().begin();
        } finally {
            if (!begun) {
                running.remove(run);
            }
        }
        if (!begun) {
            return 0;
        }
        try {
            run.onEnd = () -> worker.postQuietly(() -> leave(run));
            threads.execute(run);
        } catch (Throwable noThread) {
            // The machine is out of threads or of memory.
            run.neverRuns();
            leave(run);
            guard.swallowed("starting an export", noThread);
        }
        return 1;
    }

    /** If the task cannot be finished, for want of memory, it stays and the next check tries again. */
    private void leave(RunningTask run) {
        run.finishOnce();
        running.remove(run);
        aborted.remove(run);
    }

    /** Aborts the tasks that run and fulfil the condition. */
    void abort(Predicate<BlockingTask> condition) {
        for (RunningTask run : List.copyOf(running)) {
            if (condition.test(run.task)) {
                abort(run);
            }
        }
    }

    /** If there is no memory for it, the next check tries again. */
    private void abort(RunningTask run) {
        run.abortedAtNanos = worker.now();
        aborted.add(run);
        running.remove(run);
        run.interrupt();
        try {
            run.task.abort();
        } catch (Throwable failure) {
            // The request ends with its own timeouts.
            guard.swallowed("aborting an export", failure);
        }
    }

    private void check(long now) {
        for (RunningTask run : List.copyOf(running)) {
            if (run.hasEnded()) {
                finish(run, true);
            } else if (now - run.startNanos >= run.task.limitNanos()) {
                abort(run);
            }
        }
        for (RunningTask run : List.copyOf(aborted)) {
            if (run.hasEnded() || now - run.abortedAtNanos >= ABORT_GRACE_NANOS) {
                finish(run, run.hasEnded());
            }
        }
    }

    /** A task that cannot be finished keeps no other from it. */
    private void finish(RunningTask run, boolean threadIsFree) {
        try {
            if (threadIsFree) {
                leave(run);
            } else {
                run.finishOnce();
            }
        } catch (Throwable failure) {
            guard.swallowed("the end of an export", failure);
        }
    }

    /** Nanoseconds until {@link #pump} has something to do if nothing ends before. */
    long nanosUntilDue(long nowNanos) {
        boolean nothingRuns = running.isEmpty() && aborted.isEmpty();
        long untilCheck = nothingRuns ? Long.MAX_VALUE : Math.max(0, checkAtNanos - nowNanos);
        return hasWaiting() ? Math.min(untilCheck, YOUNG_NANOS) : untilCheck;
    }

    /** Aborts everything that runs. */
    void abortAll() {
        abort(task -> true);
    }
}
