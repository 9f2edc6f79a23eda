package io.github.databrickstelemetry.jdbc.databricks.workspace;

import java.util.Map;

/**
 * A request as it arrived.
 *
 * @param method the HTTP method
 * @param target path and query
 * @param headers by lower-case name, sorted; without {@code host}, whose port is another in each workspace
 * @param body as it came, byte by byte
 */
public record LoggedRequest(String method, String target, Map<String, String> headers, String body) {

    /** Whether it belongs to telemetry: metrics, or the feature flag. */
    public boolean isTelemetry() {
        return target.contains("/telemetry") || isFeatureFlag();
    }

    /** Whether it asks for feature flags. */
    public boolean isFeatureFlag() {
        return target.contains("/feature-flags/");
    }

    @Override
    public String toString() {
        return method + " " + target;
    }
}
