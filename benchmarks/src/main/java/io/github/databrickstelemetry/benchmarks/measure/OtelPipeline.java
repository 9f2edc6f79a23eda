package io.github.databrickstelemetry.benchmarks.measure;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** OpenTelemetry's batch processor and OTLP exporter, with their defaults; a span has the attributes of a statement. */
final class OtelPipeline implements Pipeline {

    private final LoopbackSink sink = new LoopbackSink();
    private final AtomicLong exported = new AtomicLong();
    private final AtomicLong started = new AtomicLong();
    private final SdkTracerProvider provider;
    private final Tracer tracer;
    private final OpenTelemetrySdk sdk;

    OtelPipeline() {
        SpanExporter otlp = OtlpHttpSpanExporter.builder()
                .setEndpoint(sink.url() + "/v1/traces")
                .build();
        provider = SdkTracerProvider.builder()
                .addSpanProcessor(
                        BatchSpanProcessor.builder(new Counting(otlp, exported)).build())
                .build();
        sdk = OpenTelemetrySdk.builder().setTracerProvider(provider).build();
        tracer = sdk.getTracer("benchmark");
    }

    @Override
    public void statement(int producer) {
        Span span = tracer.spanBuilder("SELECT")
                .setSpanKind(SpanKind.CLIENT)
                .setNoParent()
                .setAttribute("db.system.name", "databricks")
                .setAttribute("db.operation.name", "SELECT")
                .setAttribute("db.namespace", "default")
                .setAttribute("server.address", "workspace.example.com")
                .setAttribute("session.id", "01ef-0123-4567-89ab")
                .setAttribute("statement.id", "01ef-0123-4567-89ac")
                .startSpan();
        span.end();
        started.incrementAndGet();
    }

    @Override
    public void drain() {
        provider.forceFlush().join(20, TimeUnit.SECONDS);
    }

    @Override
    public long lost() {
        return started.get() - exported.get();
    }

    @Override
    public void close() {
        sdk.close();
        sink.close();
    }

    private record Counting(SpanExporter delegate, AtomicLong exported) implements SpanExporter {
        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            CompletableResultCode result = delegate.export(spans);
            int count = spans.size();
            return result.whenComplete(() -> exported.addAndGet(result.isSuccess() ? count : 0));
        }

        @Override
        public CompletableResultCode flush() {
            return delegate.flush();
        }

        @Override
        public CompletableResultCode shutdown() {
            return delegate.shutdown();
        }
    }
}
