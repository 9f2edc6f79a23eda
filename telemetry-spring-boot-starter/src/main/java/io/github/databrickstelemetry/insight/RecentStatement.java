package io.github.databrickstelemetry.insight;

import org.jspecify.annotations.Nullable;

/**
 * A statement as the endpoint shows it later. Immutable; holds no trace context.
 *
 * @param statement the statement
 * @param traceId the trace it belongs to, or null
 * @param finishedNanos when it finished, by the monotonic clock
 */
public record RecentStatement(
        FinishedStatement statement, @Nullable String traceId, long finishedNanos) {

    /** The page of the statement in the workspace, or null where the server's id is not known. */
    public @Nullable String queryProfile() {
        return QueryProfileLink.of(statement);
    }
}
