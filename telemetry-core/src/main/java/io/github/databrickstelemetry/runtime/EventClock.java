package io.github.databrickstelemetry.runtime;

/**
 * Turns readings of the monotonic clock into epoch milliseconds, so that a caller who has read {@code nanoTime} for a
 * duration needs no second clock for a timestamp: one volatile read and arithmetic. Thread-safe.
 *
 * <p>The wall clock is looked at by {@link #refresh()} only, which the engine's worker calls whenever it wakes.
 * Timestamps therefore follow a jump of the wall clock with that delay, and never run backwards between refreshes.
 */
public final class EventClock {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final TelemetryClock clock;
    private volatile long epochNanosMinusNanoTime;

    public EventClock(TelemetryClock clock) {
        this.clock = clock;
        refresh();
    }

    /** Looks at the wall clock again. */
    public void refresh() {
        epochNanosMinusNanoTime = clock.epochMillis() * NANOS_PER_MILLI - clock.nanoTime();
    }

    /** A monotonic reading in nanoseconds. */
    public long nanoTime() {
        return clock.nanoTime();
    }

    /** The epoch milliseconds at which the monotonic clock read {@code nanoTime}. */
    public long epochMillisAt(long nanoTime) {
        return (nanoTime + epochNanosMinusNanoTime) / NANOS_PER_MILLI;
    }
}
