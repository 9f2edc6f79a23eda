package io.github.databrickstelemetry.event;

import org.jspecify.annotations.Nullable;

/** Sessions for tests outside this package, whose events nobody takes. */
public final class SessionFixture {

    private SessionFixture() {}

    public static TelemetrySession session(@Nullable String sessionId, ConnectionDetails details) {
        return new TelemetrySession(event -> {}, sessionId, details);
    }
}
