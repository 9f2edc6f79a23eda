package io.github.databrickstelemetry.jdbc;

import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementResult;
import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.event.TelemetryEventEmitter;
import io.github.databrickstelemetry.event.TelemetrySession;
import io.github.databrickstelemetry.runtime.Guard;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What the instrumentation of one session reports to the engine. Every call of the emitter and of the driver's adapter
 * from connections and statements goes through here, and nothing that they throw comes out. Thread-safe. Holds no
 * connection, so that it may be kept for as long as the physical connection lives.
 */
final class SessionTelemetry {

    static final long NO_STATEMENT = TelemetryEventEmitter.NO_STATEMENT;

    private final ObservedSource source;
    private final TelemetryEventEmitter emitter;
    private final TelemetrySession session;
    private final DriverAdapter adapter;
    private final Guard guard;
    private final AtomicBoolean closed = new AtomicBoolean();

    SessionTelemetry(
            ObservedSource source,
            TelemetryEventEmitter emitter,
            TelemetrySession session,
            DriverAdapter adapter,
            Guard guard) {
        this.source = source;
        this.emitter = emitter;
        this.session = session;
        this.adapter = adapter;
        this.guard = guard;
    }

    /** A statement begins. Returns its key, or {@link #NO_STATEMENT} when it is not to be followed. */
    long started(OperationType operation, StatementType type, long nanoTime) {
        try {
            return emitter.statementStart(session, operation, type, nanoTime);
        } catch (Throwable failure) {
            guard.swallowed("statement start", failure);
            return NO_STATEMENT;
        }
    }

    /** A statement, whose execute call began and returned at these times, ended well. */
    void completed(long key, long startNanos, long endNanos, @Nullable StatementResult result) {
        try {
            emitter.statementComplete(session, key, endNanos - startNanos, result, endNanos);
        } catch (Throwable failure) {
            guard.swallowed("statement completion", failure);
        }
    }

    /** A statement's execute call failed. */
    void failed(long key, long latencyNanos, @Nullable StatementResult result, Throwable cause) {
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

    /** What the driver would forget of an execution before the statement ends. */
    @Nullable
    Object remember(Statement physical, @Nullable ResultSet resultSet) {
        try {
            return adapter.executed(physical, resultSet);
        } catch (Throwable failure) {
            guard.swallowed("statement execution", failure);
            return null;
        }
    }

    /** What the driver knows of a statement's last execution. */
    @Nullable
    StatementResult resultOf(Statement physical, @Nullable ResultSet lastResultSet, @Nullable Object remembered) {
        try {
            return adapter.statementResult(physical, lastResultSet, remembered);
        } catch (Throwable failure) {
            guard.swallowed("statement result", failure);
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

    boolean isClosed() {
        return closed.get();
    }

    /** The physical connection is closed. Only the first call counts. */
    void closed(long latencyNanos) {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            emitter.connectionClose(session, latencyNanos);
        } catch (Throwable failure) {
            guard.swallowed("connection close", failure);
        }
        source.sessionClosed();
    }

    /** A failure of the instrumentation itself. */
    void swallowed(String what, Throwable failure) {
        guard.swallowed(what, failure);
    }
}
