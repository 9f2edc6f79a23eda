package io.github.databrickstelemetry.event;

import org.jspecify.annotations.Nullable;

/**
 * One session, that is one physical connection, as telemetry knows it. Given out by
 * {@link TelemetryEventEmitter#connectionOpen}. Immutable.
 *
 * @param owner whom its events belong to; an emitter ignores the session of another client
 * @param sessionId the server's session id, a random UUID where the driver shows none, or null for a failed attempt to
 *     connect; cut at 512 characters
 * @param details what is the same for all sessions of the data source
 */
public record TelemetrySession(EventOwner owner, @Nullable String sessionId, ConnectionDetails details) {

    public TelemetrySession {
        sessionId = Text.capNullable(sessionId, Text.NAME);
    }

    /** Without the id and the details, which have no place in a log line. */
    @Override
    public String toString() {
        return "TelemetrySession";
    }
}
