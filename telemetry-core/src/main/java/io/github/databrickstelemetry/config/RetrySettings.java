package io.github.databrickstelemetry.config;

import java.time.Duration;

/**
 * How a failed export request is retried.
 *
 * @param maxRetries attempts after the first, for failures that a retry may cure
 * @param backoffInitial the first wait between attempts, before jitter
 * @param backoffMax the maximum wait between attempts, the first included, before jitter
 * @param retryAfterMax the maximum {@code Retry-After} that is honoured
 */
public record RetrySettings(int maxRetries, Duration backoffInitial, Duration backoffMax, Duration retryAfterMax) {

    /** Three retries, 100 milliseconds to one second, {@code Retry-After} up to 30 seconds. */
    public static final RetrySettings DEFAULTS =
            new RetrySettings(3, Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(30));

    public RetrySettings {
        Check.inRange("export.max-retries", maxRetries, 0, 10);
        Check.inRange("export.backoff-initial", backoffInitial, Duration.ofMillis(1), Duration.ofMinutes(1));
        Check.inRange("export.backoff-max", backoffMax, Duration.ofMillis(1), Duration.ofMinutes(5));
        Check.inRange("export.retry-after-max", retryAfterMax, Duration.ZERO, Duration.ofMinutes(10));
    }
}
