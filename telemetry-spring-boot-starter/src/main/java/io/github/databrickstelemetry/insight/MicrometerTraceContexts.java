package io.github.databrickstelemetry.insight;

import io.github.databrickstelemetry.runtime.internal.Guard;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Trace contexts of Micrometer Tracing, whichever bridge is behind it. Thread-safe. */
public final class MicrometerTraceContexts implements TraceContexts {

    private final Tracer tracer;
    private final Guard guard;

    /** @param guard counts what the tracer throws */
    public MicrometerTraceContexts(Tracer tracer, Guard guard) {
        this.tracer = tracer;
        this.guard = guard;
    }

    @Override
    public @Nullable Object get() {
        try {
            return tracer.currentTraceContext().context();
        } catch (Throwable failure) {
            guard.swallowed("reading the trace context", failure);
            return null;
        }
    }

    @Override
    public @Nullable String traceId(@Nullable Object context) {
        return id(context, TraceContext::traceId);
    }

    @Override
    public @Nullable String spanId(@Nullable Object context) {
        return id(context, TraceContext::spanId);
    }

    private @Nullable String id(@Nullable Object context, Function<TraceContext, @Nullable String> part) {
        try {
            String id = context instanceof TraceContext trace ? part.apply(trace) : null;
            return id == null || id.isEmpty() ? null : id;
        } catch (Throwable failure) {
            guard.swallowed("reading the trace context", failure);
            return null;
        }
    }
}
