package io.github.databrickstelemetry.breaker.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.databrickstelemetry.config.ClientSettings.CircuitBreakerSettings;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import java.util.random.RandomGenerator;

/**
 * One breaker per host, shared by all principals on it. Thread-safe.
 *
 * <p>A breaker is kept as long as a client holds it, so hosts that come and go take no memory.
 */
public final class CircuitBreakerRegistry {

    private final TelemetryClock clock;
    private final RandomGenerator random;
    private final Cache<String, CircuitBreaker> breakers =
            Caffeine.newBuilder().weakValues().executor(Runnable::run).build();

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
    public CircuitBreaker breaker(String host, CircuitBreakerSettings settings) {
        return breakers.get(host, unknown -> new CircuitBreaker(unknown, settings, clock, random));
    }

    /** Number of breakers that are kept. */
    long size() {
        breakers.cleanUp();
        return breakers.estimatedSize();
    }
}
