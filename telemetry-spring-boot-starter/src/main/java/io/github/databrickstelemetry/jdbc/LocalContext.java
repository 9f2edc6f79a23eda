package io.github.databrickstelemetry.jdbc;

import org.jspecify.annotations.Nullable;

/**
 * What the application's own tools want of each statement beside its metric, and of failed connections. Thread-safe.
 * Called on application threads, so it must not block; failures are swallowed and counted.
 */
public interface LocalContext {

    /** The trace context of the calling thread, for {@code LocalDetails}; null without one. */
    default @Nullable Object captureTraceContext() {
        return null;
    }

    /** Whether the SQL text is wanted. */
    default boolean queryText() {
        return false;
    }

    /** Whether the statement id goes into the SLF4J MDC of the executing thread. */
    default boolean mdc() {
        return false;
    }

    /** An attempt to open a physical connection failed, on the calling thread. */
    default void connectionFailed(Throwable failure) {}

    /** Wants nothing. */
    LocalContext NONE = new LocalContext() {};
}
