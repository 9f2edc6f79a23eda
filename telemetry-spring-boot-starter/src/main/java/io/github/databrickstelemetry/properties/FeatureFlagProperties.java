package io.github.databrickstelemetry.properties;

import io.github.databrickstelemetry.config.FeatureFlagSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How the workspace's feature flag is read. */
public final class FeatureFlagProperties {

    /** Whether the workspace's feature flag decides if metrics are sent. If false, the flag is not requested and counts as on. */
    private boolean enabled = true;

    /** Full name of the feature flag. */
    private String name = FeatureFlagSettings.DEFAULT_NAME;

    /** Client name in the path of the feature flag service. */
    private String client = "OSS_JDBC";

    /** Time until the feature flag is requested again, if the response does not contain it. */
    private Duration ttl = Duration.ofMinutes(15);

    /** Fixed value instead of the workspace's feature flag. For development. */
    private @Nullable Boolean override;

    public boolean isEnabled() {
        return enabled;
    }

    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    public String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
    }

    public String getClient() {
        return client;
    }

    public void setClient(String client) {
        this.client = client;
    }

    public Duration getTtl() {
        return ttl;
    }

    public void setTtl(Duration ttl) {
        this.ttl = ttl;
    }

    public @Nullable Boolean getOverride() {
        return override;
    }

    public void setOverride(@Nullable Boolean override) {
        this.override = override;
    }
}
