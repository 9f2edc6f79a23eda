package io.github.databrickstelemetry.benchmarks.soak;

import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** The system's clock, put forward now and then, so that what holds for a minute expires within a soak. */
final class JumpingClock implements TelemetryClock {

    private final AtomicLong ahead = new AtomicLong();

    @Override
    public long epochMillis() {
        return TelemetryClock.SYSTEM.epochMillis();
    }

    @Override
    public long nanoTime() {
        return TelemetryClock.SYSTEM.nanoTime() + ahead.get();
    }

    void jump(Duration duration) {
        ahead.addAndGet(duration.toNanos());
    }
}
