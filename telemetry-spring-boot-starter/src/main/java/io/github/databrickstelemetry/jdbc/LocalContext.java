package io.github.databrickstelemetry.jdbc;

import org.jspecify.annotations.Nullable;

/**
 * What the application's own tools want of each statement beside its metric, and of failed connections. Thread-safe. Called on application threads,
 * so it must not block; failures are swallowed and counted.
 */
public interface LocalContext {

    /** Wants nothing. */
    LocalContext NONE = new LocalContext() {
        @Override
        public @Nullable Object captureTraceContext() {
            return null;
        }

        @Override
        public boolean queryText() {
            return false;
        }

        @Override
        public boolean mdc() {
            return false;
        }
    };

    /** The trace context of the calling thread, for {@code LocalDetails}; null without one. */
    @Nullable
    Object captureTraceContext();

    /** Whether the SQL text is wanted. */
    boolean queryText();

    /** Whether the statement id goes into the SLF4J MDC of the executing thread. */
    boolean mdc();

    /** An attempt to open a physical connection failed, on the calling thread. */
    default void connectionFailed(Throwable failure) {}
}
