package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.event.TelemetryEvent;
import io.github.databrickstelemetry.flag.internal.FlagTask;
import io.github.databrickstelemetry.runtime.internal.EventClock;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The single writer: takes events off the queue, drives every client's pipeline, and answers messages. All of its state
 * belongs to one thread, except where a method says otherwise.
 *
 * <p>It can be run without a thread, one {@link #step()} at a time.
 */
final class TelemetryWorker {

    /** While events keep coming it looks at the queue this often, and is woken earlier only when that fills up. */
    private static final long NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final long SHORT_NAP_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    /** After so long without an event it sleeps until the next event or deadline. */
    private static final long IDLE_AFTER_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Without anything to do it wakes this often, in case that something was overlooked. */
    private static final long LONGEST_SLEEP_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** The longest that a reader waits for the worker. */
    private static final long LONGEST_READ_MILLIS = 250;

    private final TelemetryClock clock;
    private final EventClock eventClock;
    private final Guard guard;
    private final EventQueue queue;
    private final ExportLanes lanes;
    private final Set<ClientPipeline> pipelines = new LinkedHashSet<>();
    private final ArrayDeque<ClientPipeline> attention = new ArrayDeque<>();
    private final List<Runnable> messages = new ArrayList<>();

    private long now;
    private long dueAtNanos;
    private long lastEventNanos;
    private long flagsDueAtNanos;
    private LongSupplier flagPoll = () -> Long.MAX_VALUE;
    private @Nullable Runnable whenEmpty;
    private volatile boolean overdue;
    private volatile boolean stopped;
    private volatile @Nullable Thread thread;

    TelemetryWorker(
            int queueCapacity, TelemetryClock clock, EventClock eventClock, ExportLanes.Carrier carrier, Guard guard) {
        this.clock = clock;
        this.eventClock = eventClock;
        this.guard = guard;
        this.queue = new EventQueue(queueCapacity, this::unpark);
        this.lanes = new ExportLanes(carrier, run -> post(() -> ended(run)), guard);
        this.now = clock.nanoTime();
        this.dueAtNanos = now;
        this.lastEventNanos = now;
        this.flagsDueAtNanos = now;
    }

    /**
     * Before the start: what begins the questions about flags that are due.
     *
     * @param poll answers with the nanoseconds until it wants to be called again
     */
    void pollFlags(LongSupplier poll) {
        flagPoll = poll;
    }

    // From any thread.

    EventQueue queue() {
        return queue;
    }

    /** Has the worker do something, after everything that was emitted before; ignored once it has ended. Never blocks. */
    void post(Runnable message) {
        if (!stopped) {
            queue.post(message);
        }
    }

    /**
     * Runs a task on the worker and waits for its end, at most 250 ms. While the worker has not caught up after a wait
     * that was too short, further calls return at once: reading costs no more than one wait, however many clients there
     * are.
     *
     * @return false if the task has not run yet
     */
    boolean answers(Runnable task) {
        if (isWorkerThread()) {
            task.run();
            return true;
        }
        if (!isRunning() || overdue) {
            return false;
        }
        CountDownLatch done = new CountDownLatch(1);
        post(() -> {
            overdue = false;
            try {
                task.run();
            } finally {
                done.countDown();
            }
        });
        try {
            if (!done.await(LONGEST_READ_MILLIS, TimeUnit.MILLISECONDS)) {
                overdue = true;
                if (done.getCount() == 0) {
                    // It ran between these two lines, and nothing else would clear the mark.
                    overdue = false;
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return done.getCount() == 0;
    }

    boolean isWorkerThread() {
        return Thread.currentThread() == thread;
    }

    /** Whether somebody will answer a message. */
    boolean isRunning() {
        return thread != null && !stopped;
    }

    /** Starts the thread. To be called once, or again after it has thrown. */
    void start(ThreadFactory threads) {
        Thread started = threads.newThread(this::loop);
        started.start();
        thread = started;
    }

    /** Instead of a start: there will be no thread. */
    void neverStart() {
        queue.close();
        stopped = true;
    }

    /** For a worker that does not end by itself, because something that it called hangs. */
    void interrupt() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    private void unpark() {
        LockSupport.unpark(thread);
    }

    // On the worker.

    private void loop() {
        // Whoever started it may not have come to it yet.
        thread = Thread.currentThread();
        while (!stopped) {
            int events = 0;
            try {
                events = step();
            } catch (Throwable failure) {
                guard.swallowed("the worker", failure);
            }
            if (!stopped) {
                rest(events);
            }
        }
    }

    /**
     * One round: messages and all events that came before them, then whatever is due.
     *
     * @return how many events it took
     */
    int step() {
        now = clock.nanoTime();
        eventClock.refresh();
        for (Runnable message = queue.pollMessage(); message != null; message = queue.pollMessage()) {
            messages.add(message);
        }
        int events = takeEvents(!messages.isEmpty());
        if (events > 0) {
            lastEventNanos = now;
        }
        for (Runnable message : messages) {
            guard.run("a message", message::run);
        }
        messages.clear();
        settle();
        return events;
    }

    private int takeEvents(boolean patient) {
        int taken = 0;
        // Not more than the queue holds, or a fast producer would keep the rest of the round from happening.
        for (int capacity = queue.capacity(); taken < capacity; taken++) {
            TelemetryEvent event = queue.pollEvent(patient);
            if (event == null) {
                break;
            }
            try {
                event.session().owner().accept(event);
            } catch (Throwable failure) {
                guard.swallowed("aggregation", failure);
            }
        }
        return taken;
    }

    private void settle() {
        if (now - dueAtNanos >= 0) {
            for (ClientPipeline pipeline : List.copyOf(pipelines)) {
                settle(pipeline);
            }
            dueAtNanos = now + LONGEST_SLEEP_NANOS;
            for (ClientPipeline pipeline : pipelines) {
                wakeWithin(pipeline.nanosUntilDue(now));
            }
        }
        for (ClientPipeline pipeline = attention.poll(); pipeline != null; pipeline = attention.poll()) {
            settle(pipeline);
            wakeWithin(pipeline.nanosUntilDue(now));
        }
        if (now - flagsDueAtNanos >= 0) {
            flagsDueAtNanos = now + Math.min(flagPoll.getAsLong(), LONGEST_SLEEP_NANOS);
        }
        wakeWithin(flagsDueAtNanos - now);
        lanes.pump(now);
        wakeWithin(lanes.nanosUntilChange(now));
        Runnable ending = whenEmpty;
        if (ending != null && pipelines.isEmpty()) {
            whenEmpty = null;
            ending.run();
        }
    }

    private void settle(ClientPipeline pipeline) {
        try {
            pipeline.settle(now);
        } catch (Throwable failure) {
            guard.swallowed("the worker", failure);
        }
    }

    private void rest(int events) {
        boolean idle = now - lastEventNanos >= IDLE_AFTER_NANOS;
        int capacity = queue.capacity();
        int wakeAfter = idle ? 1 : Math.max(1, capacity / 4);
        long untilDue = Math.max(0, dueAtNanos - clock.nanoTime());
        long longest = idle ? LONGEST_SLEEP_NANOS : events >= Math.max(1, capacity / 64) ? SHORT_NAP_NANOS : NAP_NANOS;
        queue.sleepUntil(wakeAfter);
        if (untilDue > 0 && queue.maySleep(wakeAfter)) {
            LockSupport.parkNanos(this, Math.min(untilDue, longest));
            if (Thread.interrupted() && stopped) {
                return;
            }
        }
        queue.awake();
    }

    /** The reading of the monotonic clock that this round goes by. */
    long now() {
        return now;
    }

    long epochMillis() {
        return eventClock.epochMillisAt(now);
    }

    ExportLanes lanes() {
        return lanes;
    }

    /** Has a pipeline settled before this round ends. Not to be called again before that. */
    void attend(ClientPipeline pipeline) {
        attention.add(pipeline);
    }

    /** Sees to it that there is a round within so many nanoseconds. */
    void wakeWithin(long nanos) {
        if (nanos < dueAtNanos - now) {
            dueAtNanos = now + Math.max(0, nanos);
        }
    }

    void add(ClientPipeline pipeline) {
        pipelines.add(pipeline);
    }

    void remove(ClientPipeline pipeline) {
        pipelines.remove(pipeline);
    }

    /** Flags may have changed, or there is one more to ask for. */
    void lookAtFlags() {
        flagsDueAtNanos = now;
        dueAtNanos = now;
    }

    /** Has a host asked about its flag, on an export thread. */
    void ask(FlagTask task) {
        lanes.request(task);
    }

    private void ended(LaneRun run) {
        if (lanes.ended(run)) {
            run.ended(now);
        }
    }

    /**
     * Stops as soon as all pipelines are closed.
     *
     * @param whenDone runs as the worker's last act
     */
    void stopWhenEmpty(Runnable whenDone) {
        whenEmpty = () -> {
            queue.close();
            takeEvents(true);
            lanes.shutdown();
            stopped = true;
            whenDone.run();
        };
    }
}
