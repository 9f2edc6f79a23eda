package io.github.databrickstelemetry.jdbc;

import io.github.databrickstelemetry.event.DeferredResult;
import io.github.databrickstelemetry.event.LocalDetails;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementResult;
import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.event.TelemetryEventEmitter;
import io.github.databrickstelemetry.event.TelemetrySession;
import io.github.databrickstelemetry.jdbc.DriverAdapter.ConnectionCall;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Wrapper;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What one session reports to the engine. Connections and statements call the emitter, which never throws, and the
 * driver's adapter, which may, through this class only: no failure of them comes out. Thread-safe. Holds no connection, so
 * that it may live as long as the physical connection.
 */
public final class SessionTelemetry implements InstrumentedConnection.End {

    /** A call of the driver. */
    @FunctionalInterface
    interface Call<R> {

        R run() throws SQLException;

        /** The action as a call whose result means nothing. */
        static Call<Boolean> of(Action action) {
            return () -> {
                action.run();
                return true;
            };
        }
    }

    /** A call of the driver that returns nothing. */
    @FunctionalInterface
    interface Action {

        void run() throws SQLException;
    }

    private final TelemetryEventEmitter emitter;
    private final TelemetrySession session;
    private final DriverAdapter adapter;
    private final LocalContext context;

    /** Details of a statement without SQL text, batch and trace context: shared by most statements. */
    private final LocalDetails plainDetails;

    final Guard guard;
    private final Runnable whenClosed;
    private final AtomicBoolean closed = new AtomicBoolean();
    private int borrows;
    private boolean ending;

    /**
     * Creates the telemetry of one session.
     *
     * @param plainDetails what the application's own tools see of each statement, in any case
     * @param context what else they want
     * @param whenClosed runs once, when the session has ended; must not throw
     */
    public SessionTelemetry(
            TelemetryEventEmitter emitter,
            TelemetrySession session,
            DriverAdapter adapter,
            LocalDetails plainDetails,
            LocalContext context,
            Guard guard,
            Runnable whenClosed) {
        this.emitter = emitter;
        this.session = session;
        this.adapter = adapter;
        this.plainDetails = plainDetails;
        this.context = context;
        this.guard = guard;
        this.whenClosed = whenClosed;
    }

    /** Whether statement ids go into the MDC. */
    boolean wantsMdc() {
        return context.mdc();
    }

    /**
     * A statement starts, on the calling thread. Returns its key, or {@link TelemetryEventEmitter#NO_STATEMENT} if nothing
     * is reported of it.
     *
     * @param sql the SQL text, or null when not known
     * @param batchSize statements in the batch; 0 outside a batch
     */
    long started(OperationType operation, StatementType type, long nanoTime, @Nullable String sql, int batchSize) {
        return emitter.statementStart(session, operation, type, nanoTime, false, localDetails(sql, batchSize));
    }

    private LocalDetails localDetails(@Nullable String sql, int batchSize) {
        try {
            Object trace = context.traceContext().get();
            String text = sql != null && context.queryText() ? sql : null;
            return trace == null && text == null && batchSize == 0
                    ? plainDetails
                    : new LocalDetails(plainDetails.dataSource(), batchSize, text, trace);
        } catch (Throwable failure) {
            guard.swallowed("local details", failure);
            return plainDetails;
        }
    }

    /** A statement whose execute call succeeded has ended. */
    void completed(long key, long latencyNanos, @Nullable DeferredResult result) {
        emitter.statementComplete(session, key, latencyNanos, result);
    }

    /** A statement's execute call failed. */
    void failed(long key, long latencyNanos, @Nullable DeferredResult result, Throwable cause) {
        emitter.statementFailed(session, key, latencyNanos, result, cause);
    }

    /** Runs a call that executes no statement, and reports what it throws. */
    <R> R reportError(Call<R> call) throws SQLException {
        try {
            return call.run();
        } catch (Throwable cause) {
            error(cause);
            throw cause;
        }
    }

    /** A call that executes no statement failed. */
    void error(Throwable cause) {
        emitter.error(session, TelemetryEventEmitter.NO_STATEMENT, cause);
    }

    /**
     * Runs a call for which the driver may run a statement of its own, and reports that statement as internal. A call that
     * fails is reported as one.
     */
    <R> R reportInternal(Connection physical, ConnectionCall kind, Call<R> call) throws SQLException {
        boolean runsStatement =
                Boolean.TRUE.equals(guard.get("internal statement", () -> adapter.runsStatement(physical, kind)));
        Object mark = mark(physical);
        long start = System.nanoTime();
        R result;
        try {
            result = call.run();
        } catch (Throwable failure) {
            long latencyNanos = System.nanoTime() - start;
            failed(startedInternally(start), latencyNanos, ranSince(physical, mark), failure);
            throw failure;
        }
        long latencyNanos = System.nanoTime() - start;
        StatementResult ran = ranSince(physical, mark);
        if (ran != null || runsStatement) {
            completed(startedInternally(start), latencyNanos, ran);
        }
        return result;
    }

    private long startedInternally(long nanoTime) {
        return emitter.statementStart(
                session, OperationType.EXECUTE_STATEMENT, StatementType.SQL, nanoTime, true, plainDetails);
    }

    /** What can be read of an execution when its statement has ended. */
    @Nullable
    DeferredResult resultOf(Statement physical, @Nullable ResultSet resultSet, long startNanos) {
        try {
            return adapter.executed(physical, resultSet, startNanos);
        } catch (Throwable failure) {
            guard.swallowed("statement execution", failure);
            return null;
        }
    }

    /**
     * What the driver knows of an execution that failed. If it failed early, for example on a closed statement, the
     * driver shows the id of the execution before: then nothing is known.
     */
    @Nullable
    StatementResult resultOfFailure(Statement physical, @Nullable DeferredResult ofExecutionBefore) {
        return guard.get("statement failure", () -> {
            StatementResult result = adapter.failed(physical);
            StatementResult before = ofExecutionBefore == null ? null : ofExecutionBefore.read();
            boolean stale =
                    result != null && before != null && Objects.equals(result.statementId(), before.statementId());
            return stale ? null : result;
        });
    }

    /** Marks the last statement of the calling thread, before a call for which the driver may run another. */
    @Nullable
    Object mark(Wrapper physical) {
        return guard.get("statement mark", () -> adapter.mark(physical));
    }

    /** The statement that the driver has run on the calling thread since the mark, or null. */
    @Nullable
    StatementResult ranSince(Wrapper physical, @Nullable Object mark) {
        return guard.get("statement mark", () -> adapter.ranSince(physical, mark));
    }

    public boolean isClosed() {
        return closed.get();
    }

    /** The application borrowed the session's connection from a pool. */
    public synchronized void borrowed() {
        borrows++;
    }

    /** The application gave the connection back. */
    public void returned() {
        synchronized (this) {
            borrows--;
        }
        closeIfOver();
    }

    /** The pool is closing: the session ends now, or with its last borrow. */
    public void end() {
        synchronized (this) {
            ending = true;
        }
        closeIfOver();
    }

    private void closeIfOver() {
        synchronized (this) {
            if (!ending || borrows != 0) {
                return;
            }
        }
        closed(0);
    }

    /** The physical connection is closed. Only the first call counts. */
    @Override
    public void closed(long latencyNanos) {
        if (closed.compareAndSet(false, true)) {
            emitter.connectionClose(session, latencyNanos);
            whenClosed.run();
        }
    }
}
