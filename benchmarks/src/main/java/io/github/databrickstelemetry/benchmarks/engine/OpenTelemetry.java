package io.github.databrickstelemetry.benchmarks.engine;

import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;

/** The SDK with its defaults, which samples every trace, a batch span processor, and an exporter that only counts. */
public final class OpenTelemetry implements AutoCloseable {

    private final AtomicLong exported = new AtomicLong();
    private final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(BatchSpanProcessor.builder(new CountingExporter(exported))
                            .build())
                    .build())
            .build();

    /** The SDK itself. */
    public OpenTelemetrySdk sdk() {
        return sdk;
    }

    /** Micrometer's tracer over the SDK, as Spring Boot makes it. */
    public Tracer tracer() {
        return new OtelTracer(sdk.getTracer("benchmark"), new OtelCurrentTraceContext(), event -> {});
    }

    /** The span of a request, current until it is closed. */
    @SuppressWarnings("MustBeClosedChecker") // Closed by what is returned.
    public AutoCloseable request() {
        Span span =
                sdk.getTracer("benchmark").spanBuilder("GET /").setNoParent().startSpan();
        Scope scope = span.makeCurrent();
        return () -> {
            scope.close();
            span.end();
        };
    }

    /** Spans that were exported. */
    public long exported() {
        return exported.get();
    }

    @Override
    public void close() {
        sdk.close();
    }

    private record CountingExporter(AtomicLong exported) implements SpanExporter {
        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            exported.addAndGet(spans.size());
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }
}
