package io.github.databrickstelemetry.benchmarks.soak;

import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** The system's clock, moved forward now and then, so that flags with a TTL of a minute expire within a soak. */
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
