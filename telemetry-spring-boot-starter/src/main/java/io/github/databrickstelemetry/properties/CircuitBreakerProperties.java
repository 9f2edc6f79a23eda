package io.github.databrickstelemetry.properties;

import java.time.Duration;

/** When the circuit breaker of a host opens and closes. */
public final class CircuitBreakerProperties {

    /** Number of consecutive failed requests after which the circuit breaker of a host opens. */
    private int failureThreshold = 5;

    /** Minimum time that the circuit breaker stays open. Up to as much again is added at random. */
    private Duration openTimeout = Duration.ofMinutes(1);

    /** Number of successful probes after which the circuit breaker closes. */
    private int successThreshold = 2;

    public int getFailureThreshold() {
        return failureThreshold;
    }

    public void setFailureThreshold(int failureThreshold) {
        this.failureThreshold = failureThreshold;
    }

    public Duration getOpenTimeout() {
        return openTimeout;
    }

    public void setOpenTimeout(Duration openTimeout) {
        this.openTimeout = openTimeout;
    }

    public int getSuccessThreshold() {
        return successThreshold;
    }

    public void setSuccessThreshold(int successThreshold) {
        this.successThreshold = successThreshold;
    }
}
