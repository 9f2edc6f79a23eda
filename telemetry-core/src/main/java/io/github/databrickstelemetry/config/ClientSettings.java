package io.github.databrickstelemetry.config;

import java.time.Duration;

/**
 * The settings of one telemetry client, validated. Immutable.
 *
 * @param authenticatedExport whether metrics are sent with credentials; if not, they carry no identifying value
 * @param batchSize metrics that trigger a flush, and the most that one batch holds; never more than may wait
 * @param flushInterval the longest that a finished metric waits for a flush
 * @param maxPending metrics that may wait; beyond it the oldest metric without an error goes first
 * @param maxInFlightStatements statements that may be open at once; beyond it the oldest is evicted
 * @param maxErrorsPerStatement errors kept for one statement; further ones are only counted
 * @param statementTtl how long a statement may stay incomplete before it is evicted
 * @param errorDetail how much of an exception is reported
 * @param export how metrics are sent
 * @param circuitBreaker when the host's breaker opens and closes
 * @param featureFlag how the workspace's feature flag is requested
 */
public record ClientSettings(
        boolean authenticatedExport,
        int batchSize,
        Duration flushInterval,
        int maxPending,
        int maxInFlightStatements,
        int maxErrorsPerStatement,
        Duration statementTtl,
        ErrorDetail errorDetail,
        ExportSettings export,
        CircuitBreakerSettings circuitBreaker,
        FeatureFlagSettings featureFlag) {

    /** The defaults of every component. */
    public static final ClientSettings DEFAULTS = new ClientSettings(
            true,
            200,
            Duration.ofSeconds(30),
            10_000,
            5_000,
            50,
            Duration.ofHours(1),
            ErrorDetail.NAME,
            ExportSettings.DEFAULTS,
            CircuitBreakerSettings.DEFAULTS,
            FeatureFlagSettings.DEFAULTS);

    public ClientSettings {
        Check.inRange("batch-size", batchSize, 1, 10_000);
        Check.inRange("flush-interval", flushInterval, Duration.ofMillis(10), Duration.ofDays(1));
        Check.inRange("max-pending", maxPending, 1, 1_000_000);
        Check.inRange("max-in-flight-statements", maxInFlightStatements, 1, 1_000_000);
        Check.inRange("max-errors-per-statement", maxErrorsPerStatement, 0, 1_000);
        Check.inRange("statement-ttl", statementTtl, Duration.ofMillis(1), Duration.ofDays(7));
    }
}
