package io.github.databrickstelemetry.insight;

import org.jspecify.annotations.Nullable;

/**
 * The trace context of a thread, without naming a tracing library. Thread-safe; no method throws. No
 * {@code java.util.function.Supplier}: Spring Cloud Function would take the bean for one of the application's functions.
 */
public interface TraceContexts {

    /** The context of the current thread, or null outside of a trace. Called at the start of each execute call. */
    @Nullable
    Object get();

    /** The trace id of a captured context, or null. */
    default @Nullable String traceId(@Nullable Object context) {
        return null;
    }

    /** The span id of a captured context, or null. */
    default @Nullable String spanId(@Nullable Object context) {
        return null;
    }

    /** Without tracing. */
    TraceContexts NONE = () -> null;
}
