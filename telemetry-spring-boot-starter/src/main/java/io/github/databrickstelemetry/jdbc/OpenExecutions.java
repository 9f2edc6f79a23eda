package io.github.databrickstelemetry.jdbc;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The executions of one connection that succeeded and are not complete, so that closing the connection completes them.
 * Thread-safe: each execution is handed out once.
 */
final class OpenExecutions {

    /** The executions are linked to each other, so that adding one allocates nothing. */
    private @Nullable Execution newest;

    private final ReferenceQueue<Statement> forgotten = new ReferenceQueue<>();
    private boolean closed;

    Execution execution(Statement statement, long key, long startNanos) {
        return new Execution(statement, forgotten, key, startNanos);
    }

    /** Adds an execution; false if the connection has closed meanwhile. */
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
        execution.listed = true;
        return true;
    }

    /** Takes an execution out; false if it was not, or is no longer, in. */
    synchronized boolean remove(Execution execution) {
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

    /** Takes all executions out; no more are added. */
    synchronized List<Execution> close() {
        closed = true;
        List<Execution> left = new ArrayList<>();
        Execution next = newest;
        while (next != null) {
            remove(next);
            left.add(next);
            next = newest;
        }
        return left;
    }

    /** Takes out an execution whose statement was collected without being closed, or returns null. */
    @Nullable
    Execution removeForgotten() {
        Reference<? extends Statement> collected;
        while ((collected = forgotten.poll()) != null) {
            Execution execution = (Execution) collected;
            if (remove(execution)) {
                return execution;
            }
        }
        return null;
    }
}
