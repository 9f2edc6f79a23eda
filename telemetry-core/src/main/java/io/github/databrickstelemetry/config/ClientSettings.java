package io.github.databrickstelemetry.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

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
            Check.inRange("circuit-breaker.open-timeout", openTimeout, Duration.ofMillis(1), Duration.ofDays(365));
            Check.inRange("circuit-breaker.success-threshold", successThreshold, 1, 1000);
        }
    }

    /**
     * How the workspace's feature flag is requested.
     *
     * @param enabled whether it is requested; if not, it counts as on
     * @param name the flag's full name
     * @param client the client name in the path of the flag service
     * @param ttl how long a value holds if the response does not say
     * @param override a fixed value for development, or null to request it
     */
    public record FeatureFlagSettings(
            boolean enabled,
            String name,
            String client,
            Duration ttl,
            @Nullable Boolean override) {

        /** The flag of the JDBC driver, see the driver's own feature-flag context (databricks-jdbc 3.4.5). */
        public static final String DEFAULT_NAME =
                "databricks.partnerplatform.clientConfigsFeatureFlags.enableTelemetryForJdbc";

        /** Requested as {@code OSS_JDBC}, for 15 minutes. */
        public static final FeatureFlagSettings DEFAULTS =
                new FeatureFlagSettings(true, DEFAULT_NAME, "OSS_JDBC", Duration.ofMinutes(15), null);

        public FeatureFlagSettings {
            if (name.isBlank()) {
                throw new InvalidSettingException("feature-flag.name", "empty", "the full name of a flag");
            }
            if (!client.matches("[A-Za-z0-9_-]{1,64}")) {
                throw new InvalidSettingException(
                        "feature-flag.client", client, "1 to 64 letters, digits, hyphens or underscores");
            }
            Check.inRange("feature-flag.ttl", ttl, Duration.ofSeconds(1), Duration.ofMinutes(60));
        }
    }
}
