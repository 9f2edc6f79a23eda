package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.event.EventOwner;
import io.github.databrickstelemetry.event.TelemetryEvent;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The worker's two mailboxes: a bounded ring of events, and a queue of the rare messages that steer it. Producers never
 * block. The one consumer is the worker.
 *
 * <p>A producer claims a slot and then puts its event there with one compare-and-set. Only that makes the event part of the
 * queue. A thread that runs out of stack or memory in between leaves an empty slot: the consumer gives it up after
 * {@value #GIVE_UP_MILLIS} ms, and the event counts as refused. (The queue of JCTools waits without end.)
 *
 * <p>Waking a thread costs more than everything else that an application thread does here. So the worker says, before it
 * sleeps, from how many events on it wants to be woken.
 */
final class EventQueue {

    static final long GIVE_UP_MILLIS = 100;

    private static final int SPINS = 1_000;

    /** The next position to take; written by the consumer only. Indexes so far apart have a cache line each. */
    private static final int HEAD = 8;

    /** The next position to claim. */
    private static final int TAIL = 16;

    /** The position from which on the ring may be full; saves producers from reading the consumer's position. */
    private static final int LIMIT = 24;

    /**
     * One sleep of the worker, which ends when this position is filled.
     *
     * @param nap whether it is so short that quiet messages wait for its end
     */
    private record Sleep(long wakeAt, boolean nap) {}

    /** Marks a slot that was given up. Producers of later positions may use the slot. */
    private record GivenUp(long position) {}

    private final TelemetryClock clock;
    private final Runnable waker;
    private final int mask;
    private final AtomicReferenceArray<@Nullable Object> slots;
    private final AtomicLongArray positions = new AtomicLongArray(32);
    private final Queue<Runnable> messages = new ConcurrentLinkedQueue<>();

    /** Null while the worker is awake. A new object for each sleep, so that a late producer never ends the next one. */
    private final AtomicReference<@Nullable Sleep> sleep = new AtomicReference<>();

    private volatile boolean closed;

    // The consumer's own.
    private long emptyPosition = -1;
    private long emptySinceNanos;
    private long givenUp;

    /**
     * @param capacity rounded up to a power of two
     * @param waker unparks the worker
     */
    EventQueue(int capacity, TelemetryClock clock, Runnable waker) {
        int size = Math.max(2, Integer.highestOneBit(Math.max(1, capacity - 1)) << 1);
        this.mask = size - 1;
        this.slots = new AtomicReferenceArray<>(size);
        this.clock = clock;
        this.waker = waker;
        positions.set(LIMIT, size);
    }

    // Producers.

    /** Takes the event, or refuses it because the queue is full or closed. */
    boolean offer(TelemetryEvent event) {
        if (closed) {
            return false;
        }
        long position = claim();
        if (position < 0 || !put(position, event)) {
            return false;
        }
        // From here on nothing may throw: the event is in the queue.
        wakeIfWanted(position + 1);
        return true;
    }

    /** Claims the next slot; negative if the ring is full. */
    long claim() {
        long position;
        do {
            position = positions.get(TAIL);
            if (position >= positions.get(LIMIT)) {
                long next = positions.get(HEAD) + capacity();
                if (position >= next) {
                    return -1;
                }
                positions.lazySet(LIMIT, next);
            }
        } while (!positions.compareAndSet(TAIL, position, position + 1));
        return position;
    }

    /** False if the consumer has given the position up meanwhile. */
    private boolean put(long position, TelemetryEvent event) {
        int slot = (int) position & mask;
        if (slots.compareAndSet(slot, null, event)) {
            return true;
        }
        Object found = slots.get(slot);
        return found instanceof GivenUp before && before.position < position && slots.compareAndSet(slot, found, event);
    }

    private void wakeIfWanted(long end) {
        try {
            // The claim precedes this read, and the worker's write of its sleep precedes its last look at the claims:
            // one of the two sees the other.
            Sleep current = sleep.get();
            if (current != null && end >= current.wakeAt) {
                wake(current);
            }
        } catch (Throwable outOfStack) {
            // The next event wakes the worker, or its next due time.
            Thread.onSpinWait();
        }
    }

    /** Sends the worker a message and wakes it. Messages are handled after the events that were offered before them. */
    void post(Runnable message) {
        post(message, true);
    }

    /** As {@link #post}, but does not end a nap. */
    void postQuietly(Runnable message) {
        post(message, false);
    }

    private void post(Runnable message, boolean endsNap) {
        messages.add(message);
        Sleep current = sleep.get();
        if (current != null && (endsNap || !current.nap)) {
            wake(current);
        }
    }

    /** In this order: if unparking fails, the next producer tries again. */
    private void wake(Sleep current) {
        waker.run();
        sleep.compareAndSet(current, null);
    }

    // The consumer.

    /**
     * Called before a sleep that the next so many events, or any message, shall end.
     *
     * @param nap whether it is so short that quiet messages wait for its end
     */
    void sleepUntil(int moreEvents, boolean nap) {
        sleep.set(new Sleep(positions.get(HEAD) + moreEvents, nap));
    }

    /** Whether the worker, having called {@link #sleepUntil}, may sleep now. */
    boolean maySleep(int moreEvents) {
        return positions.get(TAIL) - positions.get(HEAD) < moreEvents && messages.isEmpty();
    }

    /** Whether the next slot is claimed and empty, so that looking again soon is all that helps. */
    boolean isStuck() {
        return emptyPosition == positions.get(HEAD) && messages.isEmpty();
    }

    void awake() {
        sleep.set(null);
    }

    /**
     * Takes the next event; null if there is none, or if the next one is just being put.
     *
     * @param patient whether to wait a little for an event that is just being put
     */
    @Nullable
    TelemetryEvent pollEvent(boolean patient) {
        while (true) {
            long position = positions.get(HEAD);
            int slot = (int) position & mask;
            Object found = slots.get(slot);
            for (int spin = 0; patient && isBeingPut(found, position) && spin < SPINS; spin++) {
                Thread.onSpinWait();
                found = slots.get(slot);
            }
            if (found instanceof TelemetryEvent event) {
                slots.lazySet(slot, null);
                positions.lazySet(HEAD, position + 1);
                return event;
            }
            if (!isBeingPut(found, position) || !giveUp(position, slot, found)) {
                return null;
            }
        }
    }

    private boolean isBeingPut(@Nullable Object found, long position) {
        return !(found instanceof TelemetryEvent) && position < positions.get(TAIL);
    }

    /** Gives up a slot that was claimed long ago and is still empty. */
    private boolean giveUp(long position, int slot, @Nullable Object found) {
        long now = clock.nanoTime();
        if (emptyPosition != position) {
            emptyPosition = position;
            emptySinceNanos = now;
            return false;
        }
        if (now - emptySinceNanos < TimeUnit.MILLISECONDS.toNanos(GIVE_UP_MILLIS)) {
            return false;
        }
        if (slots.compareAndSet(slot, found, new GivenUp(position))) {
            givenUp++;
            positions.lazySet(HEAD, position + 1);
        }
        return true;
    }

    /** The number of messages that wait. */
    int messages() {
        return messages.size();
    }

    @Nullable
    Runnable pollMessage() {
        return messages.poll();
    }

    int capacity() {
        return mask + 1;
    }

    /** Slots that were given up. */
    long givenUp() {
        return givenUp;
    }

    /** The events that wait, by owner and type. Empty if none waits. */
    Map<EventOwner, long[]> waiting() {
        long end = positions.get(TAIL);
        if (end == positions.get(HEAD)) {
            return Map.of();
        }
        Map<EventOwner, long[]> waiting = new HashMap<>();
        for (long position = positions.get(HEAD); position < end; position++) {
            if (slots.get((int) position & mask) instanceof TelemetryEvent event) {
                EventCounter.count(waiting, event);
            }
        }
        return waiting;
    }

    /** Refuses everything from now on. */
    void close() {
        closed = true;
    }
}
