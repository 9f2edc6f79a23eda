package io.github.databrickstelemetry.event;

/** Sessions for tests, whose events nobody takes. */
public final class SessionFixture {

    private SessionFixture() {}

    public static TelemetrySession session(String sessionId, ConnectionDetails details) {
        return TelemetryEventEmitter.disabled().connectionOpen(sessionId, details, 1);
    }
}
