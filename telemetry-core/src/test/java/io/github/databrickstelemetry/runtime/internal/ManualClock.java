package io.github.databrickstelemetry.runtime.internal;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Time that passes when a test says so, and a wall clock that a test may move. Thread-safe. */
public final class ManualClock implements TelemetryClock {

    public static final long START_MILLIS = 1_767_225_600_000L;

    // Close to the overflow, which comparisons of readings have to survive.
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L);
    private final AtomicLong wallNanos = new AtomicLong(START_MILLIS * 1_000_000L);

    @Override
    public long nanoTime() {
        return nanos.get();
    }

    @Override
    public long epochMillis() {
        return wallNanos.get() / 1_000_000L;
    }

    public void advance(Duration time) {
        nanos.addAndGet(time.toNanos());
        wallNanos.addAndGet(time.toNanos());
    }

    /** Somebody sets the machine's clock. */
    public void jump(Duration time) {
        wallNanos.addAndGet(time.toNanos());
    }
}
