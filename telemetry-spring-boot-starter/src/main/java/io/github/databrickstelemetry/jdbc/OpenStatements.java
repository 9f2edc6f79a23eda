package io.github.databrickstelemetry.jdbc;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * The executions of one connection that have succeeded and not ended yet, so that closing the connection can complete
 * them. Thread-safe.
 *
 * <p>A list that its elements link themselves into, so that adding and removing cost no allocation; statements are held
 * weakly, so that one that the application forgot to close is collected as it would be without us.
 */
final class OpenStatements {

    /** One statement's latest execution. Reused when the statement is executed again. */
    static final class Execution extends WeakReference<TrackedStatement> {

        /** The statement's key, read by other threads only to attribute an error of {@code cancel}. */
        long key = SessionTelemetry.NO_STATEMENT;

        /** When the execute call began and returned, in {@link System#nanoTime()}. */
        long startNanos;

        long endNanos;

        private boolean linked;
        private @Nullable Execution previous;
        private @Nullable Execution next;

        Execution(TrackedStatement statement, OpenStatements open) {
            super(statement, open.forgotten);
        }
    }

    private final ReferenceQueue<TrackedStatement> forgotten = new ReferenceQueue<>();
    private @Nullable Execution newest;
    private boolean closed;

    /** Adds an execution; false when the connection has closed meanwhile. */
    synchronized boolean add(Execution execution) {
        if (closed) {
            return false;
        }
        Execution second = newest;
        execution.next = second;
        if (second != null) {
            second.previous = execution;
        }
        newest = execution;
        execution.linked = true;
        return true;
    }

    /** Takes an execution out; false when it was not, or no longer, in: only one caller ever gets it. */
    synchronized boolean remove(Execution execution) {
        if (!execution.linked) {
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
        execution.linked = false;
        return true;
    }

    /** One execution that is still open, or null; the connection is closing, so no more are added. */
    synchronized @Nullable Execution closeNext() {
        closed = true;
        return newest;
    }

    /** An open execution whose statement was collected without having been closed, or null. */
    @Nullable
    Execution nextForgotten() {
        return (Execution) forgotten.poll();
    }
}
