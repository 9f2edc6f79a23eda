package io.github.databrickstelemetry.standin;

import java.util.Map;

/**
 * An HTTP request as it arrived.
 *
 * @param method the HTTP method
 * @param target path and query
 * @param headers by lower-case name, sorted; without {@code host}, whose port differs in each workspace
 * @param body one character per byte (ISO 8859-1), at most 32,768 of them
 */
public record ReceivedRequest(String method, String target, Map<String, String> headers, String body) {

    /** Whether it carries telemetry, or asks for the feature flag. */
    public boolean isTelemetry() {
        return target.contains("/telemetry") || isFeatureFlag();
    }

    /** Whether it asks for feature flags. */
    public boolean isFeatureFlag() {
        return target.contains("/feature-flags/");
    }

    /** Method and target. */
    @Override
    public String toString() {
        return method + " " + target;
    }
}
