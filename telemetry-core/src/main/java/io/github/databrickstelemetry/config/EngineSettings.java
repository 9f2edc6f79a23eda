package io.github.databrickstelemetry.config;

import java.time.Duration;

/**
 * What all clients of one engine share.
 *
 * @param queueCapacity events that may wait for the worker; rounded up to a power of two
 * @param closeTimeout how long closing may take for all clients together
 */
public record EngineSettings(int queueCapacity, Duration closeTimeout) {

    /** 8192 events, two seconds. */
    public static final EngineSettings DEFAULTS = new EngineSettings(8192, Duration.ofSeconds(2));

    public EngineSettings {
        Check.inRange("queue-capacity", queueCapacity, 2, 1 << 24);
        Check.inRange("close-timeout", closeTimeout, Duration.ZERO, Duration.ofMinutes(5));
    }
}
