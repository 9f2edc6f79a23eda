package io.github.databrickstelemetry.jdbc;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the application's own tools want of each statement beside its metric, and of failed connections. Thread-safe.
 * Called on application threads, so it must not block; failures are swallowed and counted.
 *
 * @param traceContext the trace context of the calling thread, for {@code LocalDetails}; null without one
 * @param queryText whether the SQL text is wanted
 * @param mdc whether the statement id goes into the SLF4J MDC of the executing thread
 * @param connectionFailed takes the failure of an attempt to open a physical connection, on the calling thread
 */
public record LocalContext(
        Supplier<@Nullable Object> traceContext, boolean queryText, boolean mdc, Consumer<Throwable> connectionFailed) {

    /** Wants nothing. */
    public static final LocalContext NONE = new LocalContext(() -> null, false, false, failure -> {});
}
