package io.github.databrickstelemetry.standin;

import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** A statement as the workspace knows it. Thread-safe. */
public final class ServerStatement {

    private final UUID id;
    private final String sessionId;
    private final String sql;
    private final boolean lz4Accepted;
    private final long startMillis = System.currentTimeMillis();
    private final long startNanos = System.nanoTime();
    private final AtomicInteger polls = new AtomicInteger();
    private volatile Answer answer;
    private volatile Runnable onCancel = () -> {};
    private volatile long endNanos;
    private volatile boolean cancelled;
    private volatile boolean closed;

    ServerStatement(UUID id, String sessionId, String sql, Answer answer, boolean lz4Accepted) {
        this.id = id;
        this.sessionId = sessionId;
        this.sql = sql;
        this.answer = answer;
        this.lz4Accepted = lz4Accepted;
        if (answer instanceof Answer.Pending pending) {
            var unused = pending.later().whenComplete((result, failure) -> end());
        } else {
            end();
        }
    }

    /** The statement's id, as the query history shows it. */
    public String id() {
        return id.toString();
    }

    UUID uuid() {
        return id;
    }

    /** The id of the session that runs it. */
    public String sessionId() {
        return sessionId;
    }

    /** The text of the statement; the name of the call for a metadata call over Thrift. */
    public String sql() {
        return sql;
    }

    /** When it arrived, in epoch milliseconds. */
    public long startMillis() {
        return startMillis;
    }

    /** How long it ran, in milliseconds; so far while it runs. */
    public long durationMillis() {
        long end = endNanos;
        return TimeUnit.NANOSECONDS.toMillis((end == 0 ? System.nanoTime() : end) - startNanos);
    }

    /** {@code RUNNING}, {@code SUCCEEDED}, {@code FAILED} or {@code CANCELED}. */
    public String state() {
        if (cancelled) {
            return "CANCELED";
        }
        if (isRunning()) {
            return "RUNNING";
        }
        return outcome() instanceof Answer.Failed ? "FAILED" : "SUCCEEDED";
    }

    /** How often its status was polled. */
    public int polls() {
        return polls.get();
    }

    /** Whether the driver cancelled it. */
    public boolean isCancelled() {
        return cancelled;
    }

    /** Whether the driver closed it. */
    public boolean isClosed() {
        return closed;
    }

    boolean isLz4Accepted() {
        return lz4Accepted;
    }

    void poll() {
        polls.incrementAndGet();
    }

    /** Cancels it through this, too. */
    void onCancel(Runnable action) {
        onCancel = action;
    }

    void cancel() {
        if (isRunning()) {
            cancelled = true;
            end();
            onCancel.run();
        }
    }

    /** Closes it. Its rows are let go. */
    void close() {
        closed = true;
        if (outcome() instanceof Answer.Rows) {
            answer = new Answer.Done();
        }
    }

    boolean isRunning() {
        if (cancelled) {
            return false;
        }
        if (answer instanceof Answer.Polled polled) {
            return polls.get() < polled.times();
        }
        return answer instanceof Answer.Pending pending && !pending.later().isDone();
    }

    /** What it ends with. A running one has no outcome yet: {@link Answer.Done}. */
    Answer outcome() {
        Answer current = answer;
        if (current instanceof Answer.Polled polled) {
            return polled.then();
        }
        return current instanceof Answer.Pending pending ? pending.later().getNow(new Answer.Done()) : current;
    }

    /** Waits for its end, but not for longer than this. */
    void await(long millis) throws InterruptedException {
        if (answer instanceof Answer.Pending pending) {
            try {
                pending.later().get(millis, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                // The driver polls.
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void end() {
        if (endNanos == 0) {
            endNanos = System.nanoTime();
        }
    }
}
