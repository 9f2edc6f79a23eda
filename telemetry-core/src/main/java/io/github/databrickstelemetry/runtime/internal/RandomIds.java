package io.github.databrickstelemetry.runtime.internal;

import java.security.SecureRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Random UUIDs (version 4) that are unique across machines, but no secrets: a counter scrambled with 128 secret-quality
 * random bits of this instance. {@link UUID#randomUUID()} asks the operating system under a lock for each id, which
 * costs more than everything else that the engine does for a statement. Thread-safe, lock-free.
 */
public final class RandomIds implements Supplier<String> {

    // The multipliers and shifts of SplitMix64's finaliser, see Steele, Lea and Flood, "Fast splittable pseudorandom
    // number generators" (2014).
    private static final long STEP_HIGH = 0x9e3779b97f4a7c15L;
    private static final long STEP_LOW = 0xd1342543de82ef95L;

    private final AtomicLong counter = new AtomicLong();
    private final long keyHigh;
    private final long keyLow;

    public RandomIds() {
        this(new SecureRandom().nextLong(), new SecureRandom().nextLong());
    }

    RandomIds(long keyHigh, long keyLow) {
        this.keyHigh = keyHigh;
        this.keyLow = keyLow;
    }

    @Override
    public String get() {
        long n = counter.incrementAndGet();
        long high = mix(keyHigh + n * STEP_HIGH);
        long low = mix(keyLow + n * STEP_LOW);
        return new UUID((high & ~0xf000L) | 0x4000L, (low & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L)
                .toString();
    }

    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
