package io.github.databrickstelemetry.standin;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** The feature-flag service: one flag, which says whether drivers send telemetry. Thread-safe. */
public final class FeatureFlagService extends FaultyService {

    static final String PATH = "/api/2.0/connector-service/feature-flags/";
    private static final String FLAG = "databricks.partnerplatform.clientConfigsFeatureFlags.enableTelemetryForJdbc";

    private volatile boolean enabled = true;
    private volatile int ttlSeconds = 60;

    FeatureFlagService() {}

    /** The flag's value. */
    public boolean isEnabled() {
        return enabled;
    }

    /** Sets the flag. A client notices with its next request. */
    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    /** Sets how long a client may keep the value: 60 by default, as clients take no less. The real service says 900. */
    public void setTtlSeconds(int seconds) {
        this.ttlSeconds = seconds;
    }

    @Override
    Reply healthy(Request request) {
        String[] clientAndVersion = request.path().substring(PATH.length()).split("/", -1);
        if (clientAndVersion.length != 2 || !clientAndVersion[1].matches("\\d+\\.\\d+\\.\\d+")) {
            return Reply.error(400, "BAD_REQUEST", "The version is not three numbers");
        }
        ObjectNode answer = Json.object();
        answer.putArray("flags").addObject().put("name", FLAG).put("value", Boolean.toString(enabled));
        return Reply.json(answer.put("ttl_seconds", ttlSeconds));
    }
}
