package io.github.databrickstelemetry.event;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One session, that is one physical connection, as telemetry knows it. Given out by
 * {@link TelemetryEventEmitter#connectionOpen}. Thread-safe.
 */
public final class TelemetrySession {

    private final EventOwner owner;
    private final int number;
    private final @Nullable String sessionId;
    private final ConnectionDetails details;
    private final AtomicInteger statements = new AtomicInteger();

    TelemetrySession(EventOwner owner, int number, @Nullable String sessionId, ConnectionDetails details) {
        this.owner = owner;
        this.number = number;
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

    /** A key that no other statement in flight of this client has, and never {@code NO_STATEMENT}. */
    long nextStatementKey() {
        return ((long) number << 32) | (statements.incrementAndGet() & 0xffff_ffffL);
    }
}
