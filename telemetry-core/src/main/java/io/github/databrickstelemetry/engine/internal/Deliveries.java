package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.runtime.internal.Guard;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * The deliveries of all clients and additional exporters, each of which is settled when it is due: it reads its gate and
 * the clock, and requests an export if there is something to send. The cost grows with what
 * is due, not with the number of deliveries. Belongs to the worker.
 */
final class Deliveries {

    /** All are settled this often, in case that a due time was lost for want of memory. */
    private static final long SETTLE_ALL_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** After a failure all are settled after this time. */
    private static final long AFTER_FAILURE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final TelemetryWorker worker;
    private final Guard guard;
    /** The worker may end when there is none. */
    private final Set<Delivery> all = new HashSet<>();

    private final TreeSet<Delivery> due = new TreeSet<>(Deliveries::compare);

    /** No {@code ArrayDeque}: one that cannot grow for want of memory loses its elements. */
    private final List<Delivery> soon = new ArrayList<>();

    private long lastNumber;
    private long settleAllAtNanos;

    Deliveries(TelemetryWorker worker, Guard guard) {
        this.worker = worker;
        this.guard = guard;
        this.settleAllAtNanos = worker.now() + SETTLE_ALL_NANOS;
    }

    private static int compare(Delivery one, Delivery other) {
        int byTime = Long.signum(one.dueAtNanos - other.dueAtNanos);
        return byTime == 0 ? Long.compare(one.number, other.number) : byTime;
    }

    /** Adds a delivery unless it is there, and settles it. */
    void add(Delivery delivery) {
        if (all.add(delivery)) {
            delivery.number = ++lastNumber;
        }
        settleSoon(delivery);
    }

    void remove(Delivery delivery) {
        all.remove(delivery);
        unschedule(delivery);
        delivery.number = 0;
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** Settles a delivery in this round, or in the next one if this one has settled its deliveries. */
    void settleSoon(Delivery delivery) {
        if (!delivery.isSettledSoon) {
            soon.add(delivery);
            delivery.isSettledSoon = true;
        }
    }

    /** Settles a delivery within this time, unless it is due earlier anyway. */
    void settleWithin(Delivery delivery, long nanos) {
        if (nanos <= 0) {
            settleSoon(delivery);
            return;
        }
        long atNanos = worker.now() + nanos;
        boolean isEarlier = !delivery.isScheduled || atNanos - delivery.dueAtNanos < 0;
        if (isEarlier && nanos < SETTLE_ALL_NANOS && delivery.number > 0) {
            unschedule(delivery);
            delivery.dueAtNanos = atNanos;
            due.add(delivery);
            delivery.isScheduled = true;
        }
    }

    private void unschedule(Delivery delivery) {
        if (delivery.isScheduled) {
            due.remove(delivery);
            delivery.isScheduled = false;
        }
    }

    /** Settles what is due. */
    void settle() {
        long now = worker.now();
        if (now - settleAllAtNanos >= 0) {
            all.forEach(this::settleSoon);
            settleAllAtNanos = now + SETTLE_ALL_NANOS;
        }
        while (!due.isEmpty() && now - due.first().dueAtNanos >= 0) {
            Delivery next = due.first();
            settleSoon(next);
            unschedule(next);
        }
        // One that is settled may add others or itself.
        for (int i = 0; i < soon.size(); i++) {
            Delivery next = soon.get(i);
            next.isSettledSoon = false;
            settle(next);
        }
        soon.clear();
    }

    private void settle(Delivery delivery) {
        try {
            if (delivery.number > 0) {
                delivery.settle();
                settleWithin(delivery, delivery.nanosUntilDue(worker.now()));
            }
        } catch (Throwable failure) {
            settleAllSoon();
            guard.swallowed("the worker", failure);
        }
    }

    /** After a failure, which may have kept a delivery from what it was about to do. */
    void settleAllSoon() {
        long now = worker.now();
        settleAllAtNanos = Math.min(settleAllAtNanos - now, AFTER_FAILURE_NANOS) + now;
    }

    /** Nanoseconds until {@link #settle()} has something to do. */
    long nanosUntilDue(long nowNanos) {
        if (!soon.isEmpty()) {
            return 0;
        }
        long nanos = settleAllAtNanos - nowNanos;
        return due.isEmpty() ? nanos : Math.min(nanos, due.first().dueAtNanos - nowNanos);
    }
}
