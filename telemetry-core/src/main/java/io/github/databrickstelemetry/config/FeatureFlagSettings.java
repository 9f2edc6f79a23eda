package io.github.databrickstelemetry.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

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
