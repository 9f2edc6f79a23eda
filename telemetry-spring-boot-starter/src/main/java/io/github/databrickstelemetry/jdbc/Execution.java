package io.github.databrickstelemetry.jdbc;

import io.github.databrickstelemetry.event.DeferredResult;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * One execution of a statement, from its start until it is complete. Refers to its statement weakly, so that a statement
 * that the application forgot to close is collected as it would be without us.
 */
final class Execution extends WeakReference<Statement> {

    final long key;

    /** Start of the execute call, in {@link System#nanoTime()}. */
    final long startNanos;

    /** End of the execute call. */
    long endNanos;

    @Nullable
    DeferredResult result;

    /** Neighbours in the list of {@link OpenExecutions}, which guards them. */
    @Nullable
    Execution previous;

    @Nullable
    Execution next;

    boolean listed;

    Execution(Statement statement, ReferenceQueue<? super Statement> forgotten, long key, long startNanos) {
        super(statement, forgotten);
        this.key = key;
        this.startNanos = startNanos;
    }
}
