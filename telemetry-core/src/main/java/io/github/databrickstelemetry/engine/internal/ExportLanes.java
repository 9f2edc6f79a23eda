package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.engine.internal.LaneRun.Lane;
import io.github.databrickstelemetry.flag.internal.FlagTask;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Decides which client's batch is exported next, so that hosts which hang never delay those which answer. Called by the
 * worker only.
 *
 * <ul>
 *   <li>Clients whose last export went well, and new ones, share the fast lane: three batches at a time.
 *   <li>A batch that has been under way for a second leaves the fast lane to others, and its client joins the slow lane.
 *   <li>The slow lane holds clients whose last export failed or took long: four batches at a time, which delay nobody
 *       but each other.
 *   <li>Questions about flags take the fast lane, too; if the host's last one failed or took long, a lane of their own: two
 *       at a time, so that flag services which hang delay neither exports nor what is asked of others.
 *   <li>If all threads there may be are taken, the batch that has been under way for longest is interrupted for the
 *       fast lane's sake; what it did not deliver is kept.
 * </ul>
 */
final class ExportLanes {

    /** With the worker that makes four threads, however many healthy hosts there are. */
    static final int FAST = 3;

    static final int SLOW = 4;

    static final int QUESTIONS = 2;

    /** With the worker and what closes exporters that stays below 16. */
    static final int MOST = 14;

    static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** What exports run on. */
    interface Carrier {

        /** How many threads there may be from now on. */
        void resize(int threads);

        void execute(Runnable task);

        /** Ends all threads once they have done what was given to them. */
        void shutdown();
    }

    private final Carrier carrier;
    private final Consumer<LaneRun> done;
    private final Guard guard;
    private final ArrayDeque<LongFunction<@Nullable LaneRun>> fast = new ArrayDeque<>();
    private final ArrayDeque<LongFunction<@Nullable LaneRun>> slow = new ArrayDeque<>();
    private final ArrayDeque<LongFunction<@Nullable LaneRun>> questions = new ArrayDeque<>();
    /** In the order in which they started. */
    private final List<LaneRun> running = new ArrayList<>();

    /** @param done called on an export thread when a run has ended; must bring it to the worker */
    ExportLanes(Carrier carrier, Consumer<LaneRun> done, Guard guard) {
        this.carrier = carrier;
        this.done = done;
        this.guard = guard;
    }

    /** The client wants to send a batch. Must not be called again before it was asked for it. */
    void request(ClientPipeline pipeline) {
        (pipeline.troubled() ? slow : fast).addLast(nowNanos -> pipeline.startRun(nowNanos, done));
    }

    /** A host is to be asked about its flag. */
    void request(FlagTask task) {
        if (task.isTroubled()) {
            questions.addLast(nowNanos -> new TaskRun(task, Lane.QUESTIONS, nowNanos, done, guard));
        } else {
            fast.addLast(nowNanos -> new TaskRun(task, Lane.FAST, nowNanos, done, guard));
        }
    }

    /** Starts what may start. */
    void pump(long nowNanos) {
        while (!fast.isEmpty() && fresh(nowNanos) < FAST) {
            if (running.size() >= MOST) {
                interruptLongest(nowNanos);
                break;
            }
            start(fast.removeFirst(), nowNanos);
        }
        pump(slow, Lane.SLOW, SLOW, nowNanos);
        pump(questions, Lane.QUESTIONS, QUESTIONS, nowNanos);
    }

    private void pump(ArrayDeque<LongFunction<@Nullable LaneRun>> waiting, Lane lane, int width, long nowNanos) {
        while (!waiting.isEmpty() && count(lane) < width && running.size() < MOST - FAST) {
            start(waiting.removeFirst(), nowNanos);
        }
    }

    private void start(LongFunction<@Nullable LaneRun> waiting, long nowNanos) {
        LaneRun run = waiting.apply(nowNanos);
        if (run != null) {
            running.add(run);
            try {
                carrier.resize(Math.max(FAST, running.size()));
                carrier.execute(run);
            } catch (Throwable noThread) {
                // A machine may be out of threads. Whoever waits for the run has to hear of it.
                guard.swallowed("starting an export", noThread);
                run.abandon();
            }
        }
    }

    /**
     * A run has ended: its thread is free.
     *
     * @return false if it was known before
     */
    boolean ended(LaneRun run) {
        boolean first = running.remove(run);
        carrier.resize(Math.max(FAST, running.size()));
        return first;
    }

    private int fresh(long nowNanos) {
        int count = 0;
        for (LaneRun run : running) {
            if (run.lane() == Lane.FAST && run.age(nowNanos) < LONG_NANOS) {
                count++;
            }
        }
        return count;
    }

    private int count(Lane lane) {
        int count = 0;
        for (LaneRun run : running) {
            if (run.lane() == lane) {
                count++;
            }
        }
        return count;
    }

    private void interruptLongest(long nowNanos) {
        int leaving = 0;
        for (LaneRun run : running) {
            if (run.isInterrupted()) {
                leaving++;
            } else if (leaving < FAST && run.age(nowNanos) >= LONG_NANOS) {
                run.interrupt();
                return;
            }
        }
    }

    /** Nanoseconds until a waiting client may start because a run has become long; {@link Long#MAX_VALUE} if none waits. */
    long nanosUntilChange(long nowNanos) {
        long nanos = Long.MAX_VALUE;
        if (!fast.isEmpty()) {
            for (LaneRun run : running) {
                long rest = LONG_NANOS - run.age(nowNanos);
                if (rest > 0) {
                    nanos = Math.min(nanos, rest);
                }
            }
        }
        return nanos;
    }

    /** Runs something that may block, such as closing an exporter, beside the exports. */
    void runBeside(Runnable task) {
        guard.run("starting a task", () -> carrier.execute(task));
    }

    void shutdown() {
        for (LaneRun run : running) {
            run.interrupt();
        }
        guard.run("ending the export threads", carrier::shutdown);
    }
}
