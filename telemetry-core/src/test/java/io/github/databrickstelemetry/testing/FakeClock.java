package io.github.databrickstelemetry.testing;

import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Time that passes when a test says so. */
public final class FakeClock implements TelemetryClock {

    private static final long START_MILLIS = 1_767_225_600_000L;

    private final AtomicLong nanos = new AtomicLong();

    @Override
    public long nanoTime() {
        return nanos.get();
    }

    @Override
    public long epochMillis() {
        return START_MILLIS + nanos.get() / 1_000_000;
    }

    public void advance(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
