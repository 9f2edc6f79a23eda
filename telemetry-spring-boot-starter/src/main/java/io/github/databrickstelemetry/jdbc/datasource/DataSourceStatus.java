package io.github.databrickstelemetry.jdbc.datasource;

import org.jspecify.annotations.Nullable;

/**
 * What became of one data source, for people to read. Immutable; holds no secret.
 *
 * @param beanName the bean it belongs to
 * @param host where its metrics go, as {@code host:port}, or null when it is not instrumented
 * @param instrumentation where it is instrumented
 * @param driverTelemetry what became of the driver's own telemetry
 * @param reason why it is not instrumented, or not as well as it could be; null when there is nothing to say
 */
public record DataSourceStatus(
        String beanName,
        @Nullable String host,
        Instrumentation instrumentation,
        DriverTelemetry driverTelemetry,
        @Nullable String reason) {

    /** Where a data source is instrumented. */
    public enum Instrumentation {
        /** Below the pool: each physical connection from its opening to its closing. */
        BELOW_POOL,
        /** Outside: physical connections are seen with their first use. */
        OUTSIDE,
        /** Not at all. */
        NONE
    }

    /** What became of the driver's own telemetry. */
    public enum DriverTelemetry {
        /** Switched off for this data source, so that nothing is reported twice. */
        REPLACED,
        /** Left as it was, because it could not be reached. */
        LEFT,
        /** Nothing to switch off, or not to be switched off. */
        UNCHANGED
    }
}
