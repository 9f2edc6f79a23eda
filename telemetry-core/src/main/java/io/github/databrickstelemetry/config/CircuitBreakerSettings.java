package io.github.databrickstelemetry.config;

import java.time.Duration;

/**
 * When a host's circuit breaker opens and closes.
 *
 * @param failureThreshold consecutive failed requests after which it opens
 * @param openTimeout how long it stays open at the least; up to as much again is added at random
 * @param successThreshold successful probes after which it closes
 */
public record CircuitBreakerSettings(int failureThreshold, Duration openTimeout, int successThreshold) {

    /** Five failures, one minute, two successes. */
    public static final CircuitBreakerSettings DEFAULTS = new CircuitBreakerSettings(5, Duration.ofMinutes(1), 2);

    public CircuitBreakerSettings {
        Check.inRange("circuit-breaker.failure-threshold", failureThreshold, 1, 1000);
        Check.atLeast("circuit-breaker.open-timeout", openTimeout, Duration.ofMillis(1));
        Check.inRange("circuit-breaker.success-threshold", successThreshold, 1, 1000);
    }
}
