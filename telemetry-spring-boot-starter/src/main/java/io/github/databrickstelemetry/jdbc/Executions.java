package io.github.databrickstelemetry.jdbc;

import static io.github.databrickstelemetry.event.TelemetryEventEmitter.NO_STATEMENT;

import io.github.databrickstelemetry.event.DeferredResult;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementResult;
import io.github.databrickstelemetry.event.StatementType;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * The executions of one connection: those that succeeded and are not complete, so that closing the connection completes
 * them, and the latest one, whose id the MDC may show. Thread-safe: each execution is completed once.
 */
final class Executions {

    /**
     * One execution of a statement, from its start until it is complete. Refers to its statement weakly, so that a
     * statement that the application forgot to close is collected as it would be without us.
     */
    static final class Execution extends WeakReference<Statement> {

        final long key;

        /** Start of the execute call, in {@link System#nanoTime()}. */
        final long startNanos;

        /** Duration of the execute call. */
        long latencyNanos;

        @Nullable
        DeferredResult result;

        // Neighbours in the list, so that adding an execution allocates nothing.
        private @Nullable Execution previous;
        private @Nullable Execution next;
        private boolean listed;

        Execution(Statement statement, ReferenceQueue<Statement> forgotten, long key, long startNanos) {
            super(statement, forgotten);
            this.key = key;
            this.startNanos = startNanos;
        }
    }

    final SessionTelemetry session;
    private final @Nullable StatementMdc mdc;
    private final ReferenceQueue<Statement> forgotten = new ReferenceQueue<>();
    private @Nullable Execution newest;
    private boolean closed;

    Executions(SessionTelemetry session) {
        this.session = session;
        this.mdc = session.wantsMdc() ? new StatementMdc() : null;
    }

    /**
     * An execution starts; null if nothing is reported of it.
     *
     * @param sql the SQL text, or null when not known
     * @param batchSize statements in the batch; 0 outside a batch
     */
    @Nullable
    Execution begin(Statement statement, StatementType type, @Nullable String sql, int batchSize) {
        completeForgotten();
        long now = System.nanoTime();
        long key = session.started(OperationType.EXECUTE_STATEMENT, type, now, sql, batchSize);
        return key == NO_STATEMENT ? null : new Execution(statement, forgotten, key, now);
    }

    /** Adds an execution that succeeded; completes it, and returns false, if the connection has closed meanwhile. */
    boolean add(Execution execution) {
        boolean added = link(execution);
        if (!added) {
            report(execution);
        }
        return added;
    }

    private synchronized boolean link(Execution execution) {
        if (closed) {
            return false;
        }
        Execution second = newest;
        execution.next = second;
        if (second != null) {
            second.previous = execution;
        }
        newest = execution;
        execution.listed = true;
        return true;
    }

    /** Completes an execution, unless it is complete. */
    void complete(Execution execution) {
        if (unlink(execution)) {
            report(execution);
        }
    }

    private synchronized boolean unlink(Execution execution) {
        if (!execution.listed) {
            return false;
        }
        Execution before = execution.previous;
        Execution after = execution.next;
        if (before == null) {
            newest = after;
        } else {
            before.next = after;
        }
        if (after != null) {
            after.previous = before;
        }
        execution.previous = null;
        execution.next = null;
        execution.listed = false;
        return true;
    }

    /** Not under the lock, as it leaves this package. */
    private void report(Execution execution) {
        session.completed(execution.key, execution.latencyNanos, execution.result);
    }

    /** Completes the executions whose statements were collected without being closed. */
    private void completeForgotten() {
        Reference<? extends Statement> collected;
        while ((collected = forgotten.poll()) != null) {
            complete((Execution) collected);
        }
    }

    /** Completes all, and from now on each at once. */
    void close() {
        Execution next;
        while ((next = newestAtClose()) != null) {
            complete(next);
        }
    }

    private synchronized @Nullable Execution newestAtClose() {
        closed = true;
        return newest;
    }

    /** Shows the id of the latest execution in the MDC, or none if it is not known. */
    void showInMdc(@Nullable DeferredResult latest) {
        if (mdc != null) {
            // Reads the driver's objects, so before the lock of the MDC.
            StatementResult result = latest == null ? null : latest.read();
            mdc.show(result == null ? null : result.statementId());
        }
    }

    /** Shows none any more: the connection is given back. */
    void endMdc() {
        // Without a lambda: what this allocates outside of a try, the application's close would throw.
        try {
            if (mdc != null) {
                mdc.end();
            }
        } catch (Throwable failure) {
            session.guard.swallowed("MDC", failure);
        }
    }
}
