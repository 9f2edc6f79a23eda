package io.github.databrickstelemetry.properties;

import io.github.databrickstelemetry.config.ClientSettings.FeatureFlagSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the workspace's feature flag is read.
 *
 * @param enabled Whether the workspace's feature flag decides if metrics are sent. If false, the flag is not requested
 *     and counts as on.
 * @param name Full name of the feature flag.
 * @param client Client name in the path of the feature flag service.
 * @param ttl Time until the feature flag is requested again, if the response does not contain it.
 * @param override Fixed value instead of the workspace's feature flag. For development.
 */
public record FeatureFlagProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue(FeatureFlagSettings.DEFAULT_NAME) String name,
        @DefaultValue("OSS_JDBC") String client,
        @DefaultValue("15m") Duration ttl,
        @Nullable Boolean override) {

    /** Without the texts, so that no properties record prints what may be pasted into the wrong one. */
    @Override
    public String toString() {
        return "FeatureFlagProperties[enabled=" + enabled + ", ttl=" + ttl + ", override=" + override + "]";
    }
}
