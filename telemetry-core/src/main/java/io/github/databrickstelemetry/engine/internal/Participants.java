package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.runtime.internal.Guard;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Settles the worker's participants when they are due or need attention. The cost grows with what is due, not with the
 * number of participants. Belongs to the worker.
 */
final class Participants {

    /** All are settled this often, in case that a due time was lost for want of memory. */
    private static final long SETTLE_ALL_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** After a failure all are settled after this time. */
    private static final long AFTER_FAILURE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private record Due(long atNanos, Participant participant) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            return Long.signum(atNanos - other.atNanos);
        }
    }

    private final Guard guard;
    private final Set<Participant> all = new LinkedHashSet<>();
    private final PriorityQueue<Due> due = new PriorityQueue<>();

    /** No {@code ArrayDeque}: one that cannot grow for want of memory loses its elements. */
    private final List<Participant> attention = new ArrayList<>();

    private long now;
    private long settleAllAtNanos;

    Participants(long nowNanos, Guard guard) {
        this.guard = guard;
        this.now = nowNanos;
        this.settleAllAtNanos = nowNanos + SETTLE_ALL_NANOS;
    }

    /** @param nowNanos the monotonic clock, for this round */
    void begin(long nowNanos) {
        now = nowNanos;
    }

    void add(Participant participant) {
        all.add(participant);
        attend(participant);
    }

    void remove(Participant participant) {
        all.remove(participant);
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    boolean hasClient() {
        return all.stream().anyMatch(ClientPipeline.class::isInstance);
    }

    /** Settles a participant before this round ends. */
    void attend(Participant participant) {
        if (!participant.attended) {
            attention.add(participant);
            participant.attended = true;
        }
    }

    /** Settles a participant within this time, unless it is due earlier anyway. */
    void wakeWithin(Participant participant, long nanos) {
        if (nanos >= SETTLE_ALL_NANOS) {
            return;
        }
        long atNanos = now + Math.max(0, nanos);
        if (!participant.scheduled || atNanos - participant.dueAtNanos < 0) {
            due.add(new Due(atNanos, participant));
            participant.dueAtNanos = atNanos;
            participant.scheduled = true;
        }
    }

    void settleDue() {
        for (Due next = due.peek(); next != null && now - next.atNanos >= 0; next = due.peek()) {
            due.poll();
            Participant participant = next.participant;
            if (participant.scheduled && participant.dueAtNanos == next.atNanos) {
                participant.scheduled = false;
                settle(participant);
            }
        }
        if (now - settleAllAtNanos >= 0) {
            List<Participant> present = List.copyOf(all);
            settleAllAtNanos = now + SETTLE_ALL_NANOS;
            present.forEach(this::settle);
        }
        settleAttended();
    }

    void settleAttended() {
        // One that is settled may add others or itself.
        for (int i = 0; i < attention.size(); i++) {
            Participant participant = attention.get(i);
            participant.attended = false;
            settle(participant);
        }
        attention.clear();
    }

    private void settle(Participant participant) {
        try {
            if (all.contains(participant)) {
                participant.settle(now);
                wakeWithin(participant, participant.nanosUntilDue(now));
            }
        } catch (Throwable failure) {
            settleAllSoon();
            guard.swallowed("the worker", failure);
        }
    }

    /** After a failure, which may have kept a participant from what it was about to do. */
    void settleAllSoon() {
        settleAllAtNanos = Math.min(settleAllAtNanos - now, AFTER_FAILURE_NANOS) + now;
    }

    /** Nanoseconds until {@link #settleDue} has something to do. */
    long nanosUntilDue(long nowNanos) {
        long nanos = settleAllAtNanos - nowNanos;
        Due next = due.peek();
        return next == null ? nanos : Math.min(nanos, next.atNanos - nowNanos);
    }
}
