package io.github.databrickstelemetry.jdbc;

import io.github.databrickstelemetry.event.DeferredResult;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * The executions of one connection that have succeeded and not ended yet, so that closing the connection can complete
 * them. Thread-safe.
 *
 * <p>Nearly always there is one at a time, which has a place of its own that is taken and left without a lock; further
 * ones link themselves into a list. So adding and removing cost no allocation. Statements are held weakly, so that one
 * that the application forgot to close is collected as it would be without us.
 */
final class OpenStatements {

    /** One statement's latest execution. Reused when the statement is executed again. */
    static final class Execution extends WeakReference<TrackedStatement> {

        /** The statement's key; all of this is written by the statement alone, before it is put among the open ones. */
        long key = SessionTelemetry.NO_STATEMENT;

        /** When the execute call began and returned, in {@link System#nanoTime()}. */
        long startNanos;

        long endNanos;

        /** What can be read of the last execution; that of an ended one tells a failure whether an id is stale. */
        @Nullable
        DeferredResult result;

        /**
         * Whether it was put among the open ones and not taken out by its statement. Whoever else takes it out must not
         * write to it, and has it: the statement then goes on with another.
         */
        boolean open;

        private boolean linked;
        private @Nullable Execution previous;
        private @Nullable Execution next;

        Execution(TrackedStatement statement, OpenStatements open) {
            super(statement, open.forgotten);
        }
    }

    private static final VarHandle ONLY;

    static {
        try {
            ONLY = MethodHandles.lookup().findVarHandle(OpenStatements.class, "only", Execution.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final ReferenceQueue<TrackedStatement> forgotten = new ReferenceQueue<>();

    /** The one that came when there was none here. */
    private volatile @Nullable Execution only;

    /** The others; guarded by this. */
    private @Nullable Execution newest;

    private volatile boolean closed;

    /** Adds an execution; false when the connection has closed meanwhile. */
    boolean add(Execution execution) {
        if (!ONLY.compareAndSet(this, null, execution)) {
            return link(execution);
        }
        // Whoever closes says so before it looks here: one of the two sees the other, and one of them takes it out.
        return !closed || !ONLY.compareAndSet(this, execution, null);
    }

    /** Takes an execution out; false when it was not, or no longer, in: only one caller ever gets it. */
    boolean remove(Execution execution) {
        return ONLY.compareAndSet(this, execution, null) || unlink(execution);
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
        execution.linked = true;
        return true;
    }

    private synchronized boolean unlink(Execution execution) {
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
        Execution first = only;
        return first == null ? newest : first;
    }

    /** An open execution whose statement was collected without having been closed, or null. */
    @Nullable
    Execution nextForgotten() {
        return (Execution) forgotten.poll();
    }
}
