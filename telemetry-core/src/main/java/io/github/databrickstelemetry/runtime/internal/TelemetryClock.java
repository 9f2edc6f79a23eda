package io.github.databrickstelemetry.runtime.internal;

/**
 * Time as the engine sees it. Thread-safe. Tests inject their own; nothing in the engine reads the system clock by
 * itself.
 */
public interface TelemetryClock {

    /** A monotonic reading in nanoseconds with an arbitrary origin, as {@link System#nanoTime()}. */
    long nanoTime();

    /** The wall clock in epoch milliseconds, as {@link System#currentTimeMillis()}. May jump. */
    long epochMillis();

    /** The machine's clocks. */
    TelemetryClock SYSTEM = new TelemetryClock() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public long epochMillis() {
            return System.currentTimeMillis();
        }
    };
}
