package io.github.databrickstelemetry.runtime.internal;

/**
 * Turns readings of the monotonic clock into epoch milliseconds, so that a caller who has read {@code nanoTime} for a
 * duration needs no second clock for a timestamp: two volatile reads and arithmetic. Thread-safe.
 *
 * <p>The wall clock is looked at by {@link #refresh()}, which the engine's worker calls whenever it wakes: many times a
 * second while there are events. The first event after a pause, in which the worker slept and the machine perhaps too,
 * looks for itself. Timestamps therefore follow a jump of the wall clock within a second, and never run backwards
 * between refreshes.
 */
public final class EventClock {

    private static final long NANOS_PER_MILLI = 1_000_000;

    /** Longer than a worker ever naps while there are events. */
    private static final long STALE_NANOS = 1_000_000_000;

    private final TelemetryClock clock;
    private volatile long epochNanosMinusNanoTime;
    private volatile long refreshedAtNanos;

    public EventClock(TelemetryClock clock) {
        this.clock = clock;
        refresh();
    }

    /** Looks at the wall clock again. */
    public void refresh() {
        long now = clock.nanoTime();
        epochNanosMinusNanoTime = clock.epochMillis() * NANOS_PER_MILLI - now;
        refreshedAtNanos = now;
    }

    /** A monotonic reading in nanoseconds. */
    public long nanoTime() {
        return clock.nanoTime();
    }

    /** The epoch milliseconds at which the monotonic clock read {@code nanoTime}. */
    public long epochMillisAt(long nanoTime) {
        if (nanoTime - refreshedAtNanos > STALE_NANOS) {
            refresh();
        }
        return (nanoTime + epochNanosMinusNanoTime) / NANOS_PER_MILLI;
    }
}
