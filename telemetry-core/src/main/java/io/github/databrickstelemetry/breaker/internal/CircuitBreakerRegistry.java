package io.github.databrickstelemetry.breaker.internal;

import io.github.databrickstelemetry.config.CircuitBreakerSettings;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;

/**
 * Hands out one breaker per host, shared by all principals on it. Thread-safe.
 *
 * <p>A breaker is remembered for as long as somebody holds it, so that hosts which come and go cost nothing.
 */
public final class CircuitBreakerRegistry {

    private final TelemetryClock clock;
    private final RandomGenerator random;
    private final List<CircuitBreakerListener> listeners = new CopyOnWriteArrayList<>();

    /** No Caffeine, as the application's first connection waits for it: its classes would be a quarter of that wait. */
    private final Map<String, WeakReference<CircuitBreaker>> breakers = new HashMap<>();

    /**
     * Makes an empty registry.
     *
     * @param random spreads the end of open times; must be thread-safe, as {@link java.util.Random} is
     */
    public CircuitBreakerRegistry(TelemetryClock clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /**
     * The breaker of a host. To be held for as long as the host is in use.
     *
     * @param host {@code host:port}
     * @param settings hold if the host has no breaker yet
     */
    public synchronized CircuitBreaker breaker(String host, CircuitBreakerSettings settings) {
        breakers.values().removeIf(breaker -> breaker.refersTo(null));
        WeakReference<CircuitBreaker> known = breakers.get(host);
        CircuitBreaker breaker = known == null ? null : known.get();
        if (breaker == null) {
            breaker = new CircuitBreaker(host, settings, clock, random, listeners);
            breakers.put(host, new WeakReference<>(breaker));
        }
        return breaker;
    }

    /** Breakers that are remembered, those included that nobody holds any more and that the next question removes. */
    synchronized int size() {
        return breakers.size();
    }

    /** Adds an observer of all breakers, present and future. */
    public void addListener(CircuitBreakerListener listener) {
        listeners.add(listener);
    }
}
