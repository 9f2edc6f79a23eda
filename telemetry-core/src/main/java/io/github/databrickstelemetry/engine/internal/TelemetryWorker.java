package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.event.TelemetryEvent;
import io.github.databrickstelemetry.flag.internal.FlagTask;
import io.github.databrickstelemetry.runtime.internal.EventClock;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the engine's one thread does. In each round it takes the events and messages that have arrived, settles the
 * {@link Participants} that are due, lets the {@link ExportScheduler} start what may start, and sleeps until something is
 * due. Only this thread touches the state of a participant, so nothing of it needs a lock. Tests run it without a thread,
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

    /** The longest that a reader waits for the worker. */
    private static final long LONGEST_READ_MILLIS = 250;

    private final TelemetryClock clock;
    private final EventClock eventClock;
    private final Guard guard;
    private final WorkerThread thread;
    private final EventQueue queue;
    private final ExportScheduler scheduler;
    private final Participants participants;

    private long now;
    private long givenUp;
    private long lastEventNanos;
    private long flagsDueAtNanos;
    private LongSupplier flagPoll = () -> Long.MAX_VALUE;
    private @Nullable Runnable whenNoClient;
    private @Nullable Runnable whenEmpty;
    private volatile boolean overdue;

    TelemetryWorker(
            int queueCapacity,
            TelemetryClock clock,
            EventClock eventClock,
            ExportScheduler.Threads exportThreads,
            Guard guard) {
        this.clock = clock;
        this.eventClock = eventClock;
        this.guard = guard;
        this.thread = new WorkerThread(this::round, guard);
        this.queue = new EventQueue(queueCapacity, clock, thread::unpark);
        this.scheduler = new ExportScheduler(exportThreads, this::postQuietly, this::now, guard);
        this.now = clock.nanoTime();
        this.participants = new Participants(now, guard);
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
    private void postQuietly(Runnable message) {
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
        if (!thread.isAlive() || thread.hasStopped() || overdue) {
            return;
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
    }

    // The worker's story.

    private void round() {
        try {
            int events = step();
            if (thread.isWanted()) {
                rest(events);
            }
        } catch (Throwable failure) {
            participants.settleAllSoon();
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
        participants.begin(now);
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
        participants.settleDue();
        pollFlags();
        scheduler.pump(now);
        endIfEmpty();
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
            participants.settleAllSoon();
            guard.swallowed("a message", failure);
        }
    }

    private void pollFlags() {
        if (now - flagsDueAtNanos >= 0) {
            flagsDueAtNanos = now + Math.min(flagPoll.getAsLong(), LONGEST_SLEEP_NANOS);
        }
    }

    private void endIfEmpty() {
        Runnable clientsClosed = whenNoClient;
        if (clientsClosed != null && !participants.hasClient()) {
            clientsClosed.run();
            whenNoClient = null;
            participants.settleAttended();
        }
        Runnable ending = whenEmpty;
        if (ending != null && participants.isEmpty()) {
            ending.run();
            whenEmpty = null;
        }
    }

    private void rest(int events) {
        boolean nap = now - lastEventNanos < IDLE_AFTER_NANOS && whenEmpty == null;
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
        long nanos = Math.min(participants.nanosUntilDue(nowNanos), flagsDueAtNanos - nowNanos);
        return Math.min(nanos, scheduler.nanosUntilDue(nowNanos));
    }

    // For participants and messages, on the worker.

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

    Participants participants() {
        return participants;
    }

    /** Begins flag requests when they are due. {@code poll} returns the nanoseconds until it is due again. */
    void pollFlags(LongSupplier poll) {
        flagPoll = poll;
        flagsDueAtNanos = now;
    }

    /** A flag request may be due now. */
    void flagsChanged() {
        flagsDueAtNanos = now;
    }

    /** Gives a flag request its thread. */
    void request(FlagTask task) {
        scheduler.request(new FlagRequestTask(task, guard));
    }

    /**
     * Stops as soon as there is no participant.
     *
     * @param whenClientsClosed runs when no client is left
     * @param whenDone runs as the worker's last act
     */
    void stopWhenEmpty(Runnable whenClientsClosed, Runnable whenDone) {
        whenNoClient = whenClientsClosed;
        whenEmpty = () -> {
            queue.close();
            takeEvents(true);
            scheduler.shutdown(now);
            thread.stop();
            whenDone.run();
        };
    }
}
