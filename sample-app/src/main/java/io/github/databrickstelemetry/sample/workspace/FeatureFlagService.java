package io.github.databrickstelemetry.sample.workspace;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.atomic.AtomicLong;

/** The feature-flag service: one flag, which can be switched. Thread-safe. */
public final class FeatureFlagService {

    static final String PATH = "/api/2.0/connector-service/feature-flags/";
    private static final String FLAG = "databricks.partnerplatform.clientConfigsFeatureFlags.enableTelemetryForJdbc";

    /** The least that clients accept, so that a switch shows soon; the real service says 900. */
    private static final int TTL_SECONDS = 60;

    private final AtomicLong requests = new AtomicLong();
    private volatile boolean enabled = true;

    FeatureFlagService() {}

    /** What the flag says to whoever asks next. */
    public boolean enabled() {
        return enabled;
    }

    /** Switches the flag; clients notice when they ask again. */
    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    /** How often clients have asked. */
    public long requests() {
        return requests.get();
    }

    Answer answer(JsonHandler.Request request) {
        requests.incrementAndGet();
        String[] clientAndVersion = request.path().substring(PATH.length()).split("/", -1);
        if (clientAndVersion.length != 2 || !clientAndVersion[1].matches("\\d+\\.\\d+\\.\\d+")) {
            return Answer.error(400, "BAD_REQUEST", "The version is not valid");
        }
        ObjectNode body = Json.object();
        body.putArray("flags").addObject().put("name", FLAG).put("value", Boolean.toString(enabled));
        return Answer.ok(body.put("ttl_seconds", TTL_SECONDS));
    }
}
