package io.github.databrickstelemetry.insight;

import io.github.databrickstelemetry.runtime.internal.Guard;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Trace contexts of Micrometer Tracing, with any bridge. The tracer is read once all singletons exist, because the first
 * statement may be executed before the tracer can be created: until then, statements have no trace context. Thread-safe.
 */
public final class MicrometerTraceContexts implements TraceContexts, SmartInitializingSingleton {

    private final Supplier<Tracer> created;
    private final Guard guard;
    private volatile @Nullable Tracer tracer;

    /**
     * @param created called once all singletons exist
     * @param guard counts what the tracer throws
     */
    public MicrometerTraceContexts(Supplier<Tracer> created, Guard guard) {
        this.created = created;
        this.guard = guard;
    }

    @Override
    public void afterSingletonsInstantiated() {
        tracer = created.get();
    }

    @Override
    public @Nullable Object get() {
        Tracer current = tracer;
        try {
            return current == null ? null : current.currentTraceContext().context();
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
        String id = context instanceof TraceContext trace
                ? guard.get("reading the trace context", () -> part.apply(trace))
                : null;
        return id == null || id.isEmpty() ? null : id;
    }
}
