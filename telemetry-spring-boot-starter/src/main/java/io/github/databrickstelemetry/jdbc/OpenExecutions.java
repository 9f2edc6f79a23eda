package io.github.databrickstelemetry.jdbc;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The executions of one connection that succeeded and are not complete, so that closing the connection completes them.
 * Thread-safe: each execution is handed out once.
 */
final class OpenExecutions {

    private final Set<Execution> open = new HashSet<>();
    private final ReferenceQueue<Statement> forgotten = new ReferenceQueue<>();
    private boolean closed;

    Execution execution(Statement statement, long key, long startNanos) {
        return new Execution(statement, forgotten, key, startNanos);
    }

    /** Adds an execution; false if the connection has closed meanwhile. */
    synchronized boolean add(Execution execution) {
        return !closed && open.add(execution);
    }

    /** Takes an execution out; false if it was not, or is no longer, in. */
    synchronized boolean remove(Execution execution) {
        return open.remove(execution);
    }

    /** Takes all executions out; no more are added. */
    synchronized List<Execution> close() {
        closed = true;
        List<Execution> left = List.copyOf(open);
        open.clear();
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
