package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.event.EventSink;
import io.github.databrickstelemetry.event.TelemetryEvent;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The worker's two mailboxes: a bounded one for events, and one for the rare messages that steer it. Producers never
 * block; the one consumer is the worker.
 *
 * <p>Waking a thread costs more than everything else that an application thread does here, so it is seldom done: the
 * worker says, before it sleeps, from how many events on it wants to be woken.
 */
final class EventQueue implements EventSink {

    /** Nobody needs to wake the worker. */
    private static final long AWAKE = Long.MAX_VALUE;

    private static final VarHandle WAKE_AT;

    static {
        try {
            WAKE_AT = MethodHandles.lookup().findVarHandle(EventQueue.class, "wakeAt", long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final MpscAtomicArrayQueue<TelemetryEvent> events;
    private final Queue<Runnable> messages = new ConcurrentLinkedQueue<>();
    private final Runnable waker;
    private volatile boolean closed;

    /** The producer index from which on the worker wants to be woken. */
    @SuppressWarnings("UnusedVariable") // Written through the handle as well.
    private volatile long wakeAt = AWAKE;

    /**
     * @param capacity rounded up to a power of two
     * @param waker unparks the worker
     */
    EventQueue(int capacity, Runnable waker) {
        this.events = new MpscAtomicArrayQueue<>(capacity);
        this.waker = waker;
    }

    @Override
    public boolean offer(TelemetryEvent event) {
        if (closed || !events.offer(event)) {
            return false;
        }
        // The queue's own compare-and-set on its producer index precedes this read, and the worker's write of wakeAt
        // precedes its last look at that index: one of the two sees the other.
        if (events.currentProducerIndex() >= wakeAt) {
            wake();
        }
        return true;
    }

    /** Sends the worker a message and wakes it. Messages are handled after all events offered before them. */
    void post(Runnable message) {
        messages.add(message);
        wake();
    }

    private void wake() {
        if ((long) WAKE_AT.getAndSet(this, AWAKE) != AWAKE) {
            waker.run();
        }
    }

    /** The worker goes to sleep and wants to be woken by the next so many events, or by any message. */
    void sleepUntil(int moreEvents) {
        wakeAt = events.currentConsumerIndex() + moreEvents;
    }

    /** Whether the worker, having said so, may really sleep. */
    boolean maySleep(int moreEvents) {
        return events.size() < moreEvents && messages.isEmpty();
    }

    void awake() {
        wakeAt = AWAKE;
    }

    /**
     * The next event.
     *
     * @param patient whether to wait for an application thread that is just about to put one in
     */
    @Nullable
    TelemetryEvent pollEvent(boolean patient) {
        return patient ? events.poll() : events.relaxedPoll();
    }

    @Nullable
    Runnable pollMessage() {
        return messages.poll();
    }

    int capacity() {
        return events.capacity();
    }

    /** Refuses everything from now on. */
    void close() {
        closed = true;
    }
}
