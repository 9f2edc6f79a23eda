package io.github.databrickstelemetry.properties;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When the circuit breaker of a host opens and closes.
 *
 * @param failureThreshold Number of consecutive failed requests after which the circuit breaker of a host opens.
 * @param openTimeout Minimum time that the circuit breaker stays open. Up to as much again is added at random.
 * @param successThreshold Number of successful probes after which the circuit breaker closes.
 */
public record CircuitBreakerProperties(
        @DefaultValue("5") int failureThreshold,
        @DefaultValue("1m") Duration openTimeout,
        @DefaultValue("2") int successThreshold) {}
