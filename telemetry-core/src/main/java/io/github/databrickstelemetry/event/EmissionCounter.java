package io.github.databrickstelemetry.event;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the emitters of one client handed in, counted apart from the queue. Thread-safe.
 *
 * <p>An event is counted before it is offered, a refusal after it. A reader that first looks at what came out of the
 * queue, then at {@link #refused()}, then at {@link #emitted(EventType)} therefore never sees more events come out than
 * went in.
 */
@SuppressWarnings("EnumOrdinal") // An index that never leaves this class; an EnumMap costs more than the increment.
public final class EmissionCounter {

    private final LongAdder[] emitted = new LongAdder[EventType.values().length];
    private final AtomicLong started = new AtomicLong();
    private final LongAdder refused = new LongAdder();

    public EmissionCounter() {
        for (int i = 0; i < emitted.length; i++) {
            emitted[i] = new LongAdder();
        }
    }

    /** Counts a start and returns its number, from 1 on: no other statement of the client has the same. */
    long countStatementStart() {
        return started.incrementAndGet();
    }

    /** Any event but a {@link EventType#STATEMENT_START}. */
    void countEmitted(EventType type) {
        emitted[type.ordinal()].increment();
    }

    void countRefused() {
        refused.increment();
    }

    /** Events of this kind that were emitted, those that the queue refused included. */
    public long emitted(EventType type) {
        return type == EventType.STATEMENT_START ? started.get() : emitted[type.ordinal()].sum();
    }

    /** Events that the queue refused. */
    public long refused() {
        return refused.sum();
    }
}
