package io.github.databrickstelemetry.event;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the events of one client that the queue refused. All other events are counted where they are taken, so that no
 * failure between two counts can leave them apart. Thread-safe.
 */
@SuppressWarnings("EnumOrdinal") // An index that never leaves this class; an EnumMap costs more than the increment.
public final class RefusedEvents {

    private final LongAdder[] byType = new LongAdder[EventType.values().length];

    public RefusedEvents() {
        for (int i = 0; i < byType.length; i++) {
            byType[i] = new LongAdder();
        }
    }

    void count(EventType type) {
        byType[type.ordinal()].increment();
    }

    /** Refused events of this type. */
    public long of(EventType type) {
        return byType[type.ordinal()].sum();
    }
}
