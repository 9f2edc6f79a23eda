package io.github.databrickstelemetry.breaker.internal;

import io.github.databrickstelemetry.config.ClientSettings.CircuitBreakerSettings;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * One breaker per host, shared by all principals on it. Thread-safe.
 *
 * <p>A breaker is kept as long as a client holds it, so hosts that come and go take no memory.
 */
public final class CircuitBreakerRegistry {

    private final TelemetryClock clock;
    private final RandomGenerator random;

    /**
     * No cache of Caffeine: application threads come here, and one that runs out of stack in Caffeine's write buffer keeps
     * the next writers spinning without end.
     */
    private final Map<String, WeakReference<CircuitBreaker>> breakers = new HashMap<>();

    /** @param random spreads the end of open times; must be thread-safe, as {@link java.util.Random} is */
    public CircuitBreakerRegistry(TelemetryClock clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /**
     * The breaker of a host. To be held as long as the host is in use.
     *
     * @param host {@code host:port}
     * @param settings used if the host has no breaker yet
     */
    public synchronized CircuitBreaker breaker(String host, CircuitBreakerSettings settings) {
        WeakReference<CircuitBreaker> reference = breakers.get(host);
        CircuitBreaker known = reference == null ? null : reference.get();
        if (known != null) {
            return known;
        }
        forgetCollected();
        CircuitBreaker made = new CircuitBreaker(host, settings, clock, random);
        breakers.put(host, new WeakReference<>(made));
        return made;
    }

    private void forgetCollected() {
        breakers.values().removeIf(reference -> reference.get() == null);
    }

    /** Number of breakers that are kept. */
    synchronized int size() {
        forgetCollected();
        return breakers.size();
    }
}
