package io.github.databrickstelemetry.jdbc.databricks.workspace;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** A statement as the workspace knows it. Thread-safe. */
public final class ServerStatement {

    private final UUID id;
    private final String sql;
    private final Answer answer;
    private final boolean compressionAsked;
    private final AtomicInteger polls = new AtomicInteger();
    private volatile boolean cancelled;
    private volatile boolean closed;

    ServerStatement(UUID id, String sql, Answer answer, boolean compressionAsked) {
        this.id = id;
        this.sql = sql;
        this.answer = answer;
        this.compressionAsked = compressionAsked;
    }

    /** Its id, as the query history shows it. */
    public String id() {
        return id.toString();
    }

    UUID uuid() {
        return id;
    }

    public String sql() {
        return sql;
    }

    boolean isCompressionAsked() {
        return compressionAsked;
    }

    public boolean isCancelled() {
        return cancelled;
    }

    void cancel() {
        cancelled = true;
    }

    public boolean isClosed() {
        return closed;
    }

    void close() {
        closed = true;
    }

    /** How often its status was asked. */
    public int polls() {
        return polls.get();
    }

    /** One more question for its status. */
    void poll() {
        polls.incrementAndGet();
    }

    boolean isRunning() {
        if (cancelled) {
            return false;
        }
        if (answer instanceof Answer.Polled polled) {
            return polls.get() < polled.times();
        }
        return answer instanceof Answer.Held held && held.release().getCount() > 0;
    }

    /** What comes of it once it does not run any more. */
    Answer outcome() {
        if (answer instanceof Answer.Polled polled) {
            return polled.then();
        }
        return answer instanceof Answer.Held held ? held.then() : answer;
    }
}
