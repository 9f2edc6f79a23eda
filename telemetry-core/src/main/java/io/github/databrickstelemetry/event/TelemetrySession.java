package io.github.databrickstelemetry.event;

import org.jspecify.annotations.Nullable;

/**
 * One session, that is one physical connection, as telemetry knows it. Given out by
 * {@link TelemetryEventEmitter#connectionOpen}. Immutable.
 */
public final class TelemetrySession {

    private final EventOwner owner;
    private final @Nullable String sessionId;
    private final ConnectionDetails details;

    TelemetrySession(EventOwner owner, @Nullable String sessionId, ConnectionDetails details) {
        this.owner = owner;
        this.sessionId = Text.capNullable(sessionId, Text.NAME);
        this.details = details;
    }

    /** Whom this session's events belong to. */
    public EventOwner owner() {
        return owner;
    }

    /** The server's session id, a random UUID where the driver shows none, or null for a failed attempt to connect. */
    public @Nullable String sessionId() {
        return sessionId;
    }

    /** What is the same for all sessions of the data source. */
    public ConnectionDetails details() {
        return details;
    }
}
