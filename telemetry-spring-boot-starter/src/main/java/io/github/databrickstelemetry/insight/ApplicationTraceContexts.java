package io.github.databrickstelemetry.insight;

import org.jspecify.annotations.Nullable;

/** The trace contexts of the application's tracer, from the time on at which it is there. Thread-safe. */
public final class ApplicationTraceContexts implements TraceContexts {

    private volatile TraceContexts contexts = NONE;

    /** Uses these contexts from now on. */
    public void use(TraceContexts contexts) {
        this.contexts = contexts;
    }

    @Override
    public @Nullable Object get() {
        return contexts.get();
    }

    @Override
    public @Nullable String traceId(@Nullable Object context) {
        return contexts.traceId(context);
    }

    @Override
    public @Nullable String spanId(@Nullable Object context) {
        return contexts.spanId(context);
    }
}
