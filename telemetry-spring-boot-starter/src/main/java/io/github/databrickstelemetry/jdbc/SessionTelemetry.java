package io.github.databrickstelemetry.jdbc;

import io.github.databrickstelemetry.event.DeferredResult;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementResult;
import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.event.TelemetryEventEmitter;
import io.github.databrickstelemetry.event.TelemetrySession;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What the instrumentation of one session reports to the engine. Every call of the emitter and of the driver's adapter
 * from connections and statements goes through here, and nothing that they throw comes out. Thread-safe. Holds no
 * connection, so that it may be kept for as long as the physical connection lives.
 */
public final class SessionTelemetry implements ConnectionEnd {

    static final long NO_STATEMENT = TelemetryEventEmitter.NO_STATEMENT;

    private final TelemetryEventEmitter emitter;
    private final TelemetrySession session;
    private final DriverAdapter adapter;
    private final Guard guard;
    private final Runnable whenClosed;
    private final AtomicBoolean closed = new AtomicBoolean();
    private int borrows;
    private boolean ending;

    /** @param whenClosed runs once, when the session has ended; must not throw */
    public SessionTelemetry(
            TelemetryEventEmitter emitter,
            TelemetrySession session,
            DriverAdapter adapter,
            Guard guard,
            Runnable whenClosed) {
        this.emitter = emitter;
        this.session = session;
        this.adapter = adapter;
        this.guard = guard;
        this.whenClosed = whenClosed;
    }

    /** A statement begins. Returns its key, or {@link #NO_STATEMENT} when it is not to be followed. */
    long started(OperationType operation, StatementType type, long nanoTime) {
        try {
            return emitter.statementStart(session, operation, type, nanoTime, false, null);
        } catch (Throwable failure) {
            guard.swallowed("statement start", failure);
            return NO_STATEMENT;
        }
    }

    /** A statement, whose execute call began and returned at these times, ended well. */
    void completed(long key, long startNanos, long endNanos, @Nullable DeferredResult result) {
        try {
            emitter.statementComplete(session, key, endNanos - startNanos, result, endNanos);
        } catch (Throwable failure) {
            guard.swallowed("statement completion", failure);
        }
    }

    /** A statement's execute call failed. */
    void failed(long key, long latencyNanos, @Nullable DeferredResult result, Throwable cause) {
        try {
            emitter.statementFailed(session, key, latencyNanos, result, cause);
        } catch (Throwable failure) {
            guard.swallowed("statement failure", failure);
        }
    }

    /** Something else failed: a close, a cancel, a commit. */
    void error(long key, Throwable cause) {
        try {
            emitter.error(session, key, cause);
        } catch (Throwable failure) {
            guard.swallowed("error", failure);
        }
    }

    /** What can be read of an execution when its statement has ended. */
    @Nullable
    DeferredResult resultOf(Statement physical, @Nullable ResultSet resultSet) {
        try {
            return adapter.executed(physical, resultSet);
        } catch (Throwable failure) {
            guard.swallowed("statement execution", failure);
            return null;
        }
    }

    /**
     * What the driver knows of an execution that failed. One that failed early, on a closed statement for example, shows
     * the id of what ran before: that is none.
     */
    @Nullable
    StatementResult resultOfFailure(Statement physical, @Nullable DeferredResult ofExecutionBefore) {
        try {
            StatementResult result = adapter.failed(physical);
            StatementResult before = ofExecutionBefore == null ? null : ofExecutionBefore.read();
            boolean stale =
                    result != null && before != null && Objects.equals(result.statementId(), before.statementId());
            return stale ? null : result;
        } catch (Throwable failure) {
            guard.swallowed("statement failure", failure);
            return null;
        }
    }

    /** What the driver shows before a metadata call. */
    @Nullable
    Object beforeMetadata(DatabaseMetaData physical) {
        try {
            return adapter.beforeMetadata(physical);
        } catch (Throwable failure) {
            guard.swallowed("metadata call", failure);
            return null;
        }
    }

    /** What the driver knows of a metadata call's statement. */
    @Nullable
    StatementResult metadataResultOf(
            DatabaseMetaData physical, @Nullable ResultSet resultSet, @Nullable Object before) {
        try {
            return adapter.metadataResult(physical, resultSet, before);
        } catch (Throwable failure) {
            guard.swallowed("metadata result", failure);
            return null;
        }
    }

    public boolean isClosed() {
        return closed.get();
    }

    /** Somebody borrowed its connection from a pool. */
    public synchronized void borrowed() {
        borrows++;
    }

    /** A borrow is over. */
    public void returned() {
        boolean over;
        synchronized (this) {
            borrows--;
            over = ending && borrows == 0;
        }
        if (over) {
            closed(0);
        }
    }

    /** Its pool ends: it is closed now, or with its last borrow. */
    public void end() {
        boolean idle;
        synchronized (this) {
            ending = true;
            idle = borrows == 0;
        }
        if (idle) {
            closed(0);
        }
    }

    /** The physical connection is closed. Only the first call counts. */
    @Override
    public void closed(long latencyNanos) {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            emitter.connectionClose(session, latencyNanos);
        } catch (Throwable failure) {
            guard.swallowed("connection close", failure);
        }
        whenClosed.run();
    }

    /** A failure of the instrumentation itself. */
    void swallowed(String what, Throwable failure) {
        guard.swallowed(what, failure);
    }
}
