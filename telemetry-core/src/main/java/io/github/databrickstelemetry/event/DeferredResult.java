package io.github.databrickstelemetry.event;

import org.jspecify.annotations.Nullable;

/**
 * What the driver knows of a statement's result, read when the engine comes to it: so the thread that ran the statement
 * need not wait for it. A {@link StatementResult} is one that is known already.
 *
 * <p>It is held until then, so it should hold no rows.
 */
@FunctionalInterface
public interface DeferredResult {

    /**
     * Called after the statement has ended, on the engine's thread mostly, and more than once if need be. Must not block.
     * Whatever it throws is swallowed, and nothing counts as known.
     *
     * @return null when nothing is known
     */
    @Nullable
    StatementResult read();
}
