package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.event.TelemetryEvent;
import io.github.databrickstelemetry.runtime.internal.EventClock;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the engine's one thread does. In each round it takes the events and messages that have arrived, settles the
 * {@link Deliveries} that are due, lets the {@link ExportScheduler} start what may start, and sleeps until something is
 * due. Only this thread touches the state of a delivery, so nothing of it needs a lock. Tests run it without a thread,
 * one {@link #step()} at a time.
 */
final class TelemetryWorker {

    /** While events keep coming the worker looks at the queue this often, or when a quarter of it is full. */
    private static final long NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final long SHORT_NAP_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    /** While an event is claimed but not there, looking again soon is all that helps. */
    private static final long STUCK_NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** After so long without an event it sleeps until the next event or due time. */
    private static final long IDLE_AFTER_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long LONGEST_SLEEP_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** What cannot close keeps the worker no longer than this after the time at which it should have ended. */
    private static final long LAST_RESORT_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** The longest that a reader waits for the worker. */
    private static final long LONGEST_READ_MILLIS = 250;

    private final TelemetryClock clock;
    private final EventClock eventClock;
    private final LongSupplier flagPoll;
    private final Guard guard;
    private final WorkerThread thread;
    private final EventQueue queue;
    private final ExportScheduler scheduler;
    private final Deliveries deliveries;

    private long now;
    private long givenUp;
    private long lastEventNanos;
    private long flagsDueAtNanos;
    private @Nullable BooleanSupplier mayEnd;
    private long endAtNanos;
    private Runnable lastAct = () -> {};
    private volatile @Nullable FutureTask<?> overdue;

    /**
     * @param flagPoll begins the flag requests that are due; returns the nanoseconds until it is due again
     * @param threads makes the worker's thread
     */
    TelemetryWorker(
            int queueCapacity,
            TelemetryClock clock,
            EventClock eventClock,
            LongSupplier flagPoll,
            ThreadFactory threads,
            Executor exportThreads,
            Guard guard) {
        this.clock = clock;
        this.eventClock = eventClock;
        this.flagPoll = flagPoll;
        this.guard = guard;
        this.now = clock.nanoTime();
        this.thread = new WorkerThread(this::round, threads, guard);
        this.queue = new EventQueue(queueCapacity, clock, thread::unpark);
        this.scheduler = new ExportScheduler(exportThreads, this, guard);
        this.deliveries = new Deliveries(this, guard);
        this.lastEventNanos = now;
        this.flagsDueAtNanos = now;
    }

    // For any thread.

    EventQueue queue() {
        return queue;
    }

    WorkerThread thread() {
        return thread;
    }

    /** Runs a message on the worker, after all events that were emitted before. Ignored once the worker has stopped. */
    void post(Runnable message) {
        if (!thread.hasStopped()) {
            queue.post(message);
        }
    }

    /** As {@link #post}, but does not end a nap. */
    void postQuietly(Runnable message) {
        if (!thread.hasStopped()) {
            queue.postQuietly(message);
        }
    }

    /**
     * Runs a task on the worker and waits until it has run, at most 250 ms. After a wait that was too short, further calls
     * return at once until the worker catches up: reading costs one wait in all, however many clients there are.
     */
    void runAndWait(Runnable task) {
        if (thread.isCurrent()) {
            task.run();
            return;
        }
        FutureTask<?> earlier = overdue;
        if (!thread.isAlive() || thread.hasStopped() || (earlier != null && !earlier.isDone())) {
            return;
        }
        // Guarded on the worker, because nobody reads the failure of a task that runs late.
        FutureTask<?> read = new FutureTask<>(() -> guard.run("reading", task::run), null);
        post(read);
        try {
            read.get(LONGEST_READ_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            overdue = read;
        } catch (ExecutionException failure) {
            guard.swallowed("reading", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    // On the worker's thread.

    private void round() {
        try {
            int events = step();
            if (thread.isWanted()) {
                rest(events);
            }
        } catch (Throwable failure) {
            deliveries.settleAllSoon();
            if (mustEnd()) {
                thread.stop();
            }
            throw failure;
        }
    }

    /**
     * One round.
     *
     * @return the number of events that it took
     */
    int step() {
        now = clock.nanoTime();
        eventClock.refresh();
        // A message comes after the events that were emitted before it.
        int messages = queue.messages();
        int events = takeEvents(messages > 0);
        if (events > 0) {
            lastEventNanos = now;
        }
        for (int i = 0; i < messages; i++) {
            handleMessage();
        }
        deliveries.settle();
        pollFlags();
        scheduler.pump();
        endIfDone();
        return events;
    }

    private int takeEvents(boolean patient) {
        int taken = 0;
        // At most what the queue holds, or a fast producer would keep the rest of the round from happening.
        for (int capacity = queue.capacity(); taken < capacity; taken++) {
            TelemetryEvent event = queue.pollEvent(patient);
            if (event == null) {
                break;
            }
            try {
                event.session().owner().accept(event);
            } catch (Throwable failure) {
                deliveries.settleAllSoon();
                guard.swallowed("aggregation", failure);
            }
        }
        if (queue.givenUp() > givenUp) {
            givenUp = queue.givenUp();
            guard.swallowed("an event that was never put", new IllegalStateException());
        }
        return taken;
    }

    private void handleMessage() {
        Runnable message = queue.pollMessage();
        try {
            if (message != null) {
                message.run();
            }
        } catch (Throwable failure) {
            deliveries.settleAllSoon();
            guard.swallowed("a message", failure);
        }
    }

    private void pollFlags() {
        if (now - flagsDueAtNanos >= 0) {
            flagsDueAtNanos = now + Math.min(flagPoll.getAsLong(), LONGEST_SLEEP_NANOS);
        }
    }

    /** If something fails, for want of memory, the next round tries again. */
    private void endIfDone() {
        if (mustEnd() || (mayEnd != null && mayEnd.getAsBoolean())) {
            queue.close();
            takeEvents(true);
            scheduler.abortAll();
            lastAct.run();
            mayEnd = null;
            thread.stop();
        }
    }

    private boolean mustEnd() {
        return mayEnd != null && now - endAtNanos >= 0;
    }

    private void rest(int events) {
        boolean nap = now - lastEventNanos < IDLE_AFTER_NANOS && mayEnd == null;
        int capacity = queue.capacity();
        int wakeAfter = nap ? Math.max(1, capacity / 4) : 1;
        // What is due waits for the end of a nap: a wake-up costs more than most of what is due.
        long sleep = nap
                ? events >= Math.max(1, capacity / 64) ? SHORT_NAP_NANOS : NAP_NANOS
                : Math.min(LONGEST_SLEEP_NANOS, nanosUntilDue(clock.nanoTime()));
        queue.sleepUntil(wakeAfter, nap && !scheduler.hasWaiting());
        boolean stuck = queue.isStuck();
        if (sleep > 0 && (stuck || queue.maySleep(wakeAfter))) {
            LockSupport.parkNanos(this, stuck ? Math.min(sleep, STUCK_NAP_NANOS) : sleep);
            if (Thread.interrupted() && !thread.isWanted()) {
                return;
            }
        }
        queue.awake();
    }

    /** Nanoseconds until {@link #step} has something to do if no event and no message comes. */
    long nanosUntilDue(long nowNanos) {
        long nanos = Math.min(deliveries.nanosUntilDue(nowNanos), flagsDueAtNanos - nowNanos);
        if (mayEnd != null) {
            nanos = Math.min(nanos, Math.max(0, endAtNanos - nowNanos));
        }
        return Math.min(nanos, scheduler.nanosUntilDue(nowNanos));
    }

    // For deliveries and messages, on the worker.

    /** The reading of the monotonic clock that this round goes by. */
    long now() {
        return now;
    }

    long epochMillis() {
        return eventClock.epochMillisAt(now);
    }

    ExportScheduler scheduler() {
        return scheduler;
    }

    Deliveries deliveries() {
        return deliveries;
    }

    /** A flag request may be due now. */
    void flagsChanged() {
        flagsDueAtNanos = now;
    }

    /**
     * Stops as soon as it may, and a second after the deadline in any case.
     *
     * @param condition whether it may stop; read in each round
     * @param last the worker's last act
     */
    void stopWhen(BooleanSupplier condition, Runnable last, long deadlineNanos) {
        lastAct = last;
        endAtNanos = deadlineNanos + LAST_RESORT_NANOS;
        mayEnd = condition;
    }
}
