package io.github.databrickstelemetry.breaker;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.databrickstelemetry.config.CircuitBreakerSettings;
import io.github.databrickstelemetry.runtime.TelemetryClock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import org.springframework.util.function.SingletonSupplier;

/**
 * Hands out one breaker per host, shared by all principals on it. Thread-safe.
 *
 * <p>A breaker is remembered for as long as somebody holds it, so that hosts which come and go cost nothing.
 */
public final class CircuitBreakerRegistry {

    private final TelemetryClock clock;
    private final RandomGenerator random;
    private final List<CircuitBreakerListener> listeners = new CopyOnWriteArrayList<>();

    /** Made when it is needed, as the start of an application should not wait for Caffeine's classes. */
    private final SingletonSupplier<Cache<String, CircuitBreaker>> breakers = SingletonSupplier.of(
            () -> Caffeine.newBuilder().weakValues().executor(Runnable::run).build());

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
    public CircuitBreaker breaker(String host, CircuitBreakerSettings settings) {
        return breakers.obtain().get(host, key -> new CircuitBreaker(key, settings, clock, random, listeners));
    }

    /** Adds an observer of all breakers, present and future. */
    public void addListener(CircuitBreakerListener listener) {
        listeners.add(listener);
    }
}
