package io.github.databrickstelemetry.insight;

import static io.github.databrickstelemetry.insight.Statements.HOST;
import static io.github.databrickstelemetry.insight.Statements.START;
import static io.github.databrickstelemetry.insight.Statements.statement;
import static org.assertj.core.api.Assertions.assertThat;

import brave.Tracing;
import brave.handler.MutableSpan;
import brave.handler.SpanHandler;
import brave.propagation.TraceContext;
import brave.sampler.Sampler;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.brave.bridge.BraveBaggageManager;
import io.micrometer.tracing.brave.bridge.BraveCurrentTraceContext;
import io.micrometer.tracing.brave.bridge.BraveTracer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Spans as Brave hands them to its reporter. */
class BraveSpansTest {

    private final List<MutableSpan> finished = new CopyOnWriteArrayList<>();
    private final Tracing tracing = tracing(Sampler.ALWAYS_SAMPLE);

    @AfterEach
    void close() {
        tracing.close();
    }

    private Tracing tracing(Sampler sampler) {
        return Tracing.newBuilder()
                .sampler(sampler)
                .addSpanHandler(new SpanHandler() {
                    @Override
                    public boolean end(TraceContext context, MutableSpan span, Cause cause) {
                        finished.add(span);
                        return true;
                    }
                })
                .build();
    }

    private static Tracer tracer(Tracing tracing) {
        return new BraveTracer(
                tracing.tracer(),
                new BraveCurrentTraceContext(tracing.currentTraceContext()),
                new BraveBaggageManager());
    }

    @Test
    void showsAStatementAsAClientSpanBelowTheCallersSpan() {
        Tracer tracer = tracer(tracing);
        Span request = tracer.nextSpan().name("GET /orders").start();
        finish(tracer, statement().in(captured(tracer, request)), false);

        MutableSpan span = finished.get(0);
        assertThat(span.name()).isEqualTo("query orders");
        assertThat(span.kind()).isEqualTo(brave.Span.Kind.CLIENT);
        assertThat(span.traceId()).isEqualTo(request.context().traceId());
        assertThat(span.parentId()).isEqualTo(request.context().spanId());
        assertThat(span.startTimestamp()).isEqualTo(START * 1_000);
        assertThat(span.finishTimestamp()).isEqualTo((START + 1_834) * 1_000);
        assertThat(span.tags())
                .containsEntry("db.system.name", "databricks")
                .containsEntry("databricks.statement.id", "01f0-server")
                .containsEntry("databricks.result.chunks", "5");
        assertThat(span.annotations())
                .extracting(Map.Entry::getValue)
                .containsExactly("databricks.executed", "databricks.result.ready", "databricks.result.consumed");
    }

    @Test
    void aFailedStatementShowsTheClassAndNeverTheMessage() {
        finish(tracer(tracing), statement().failing(), true);

        MutableSpan span = finished.get(0);
        assertThat(span.error()).hasMessage("com.databricks.client.jdbc.DatabricksSQLException");
        assertThat(span.tags()).containsEntry("db.response.status_code", "42P01");
        assertThat(span.toString() + span.error()).doesNotContain("secret").doesNotContain("vault");
    }

    @Test
    void makesNoSpanOutsideOfATraceUnlessAsked() {
        finish(tracer(tracing), statement(), false);
        assertThat(finished).isEmpty();

        finish(tracer(tracing), statement(), true);
        assertThat(finished.get(0).parentId()).isNull();
    }

    @Test
    void makesNoSpanInATraceThatIsNotSampled() {
        try (Tracing unsampled = tracing(Sampler.NEVER_SAMPLE)) {
            Tracer tracer = tracer(unsampled);
            Object captured = captured(tracer, tracer.nextSpan().start());
            assertThat(captured).isNotNull();

            finish(tracer(tracing), statement().in(captured), true);

            assertThat(finished).isEmpty();
        }
    }

    private static Object captured(Tracer tracer, Span span) {
        MicrometerTraceContexts contexts = new MicrometerTraceContexts(() -> tracer, Statements.guard());
        contexts.afterSingletonsInstantiated();
        try (Tracer.SpanInScope scope = tracer.withSpan(span)) {
            assertThat(scope).isNotNull();
            return Objects.requireNonNull(contexts.get());
        }
    }

    private static void finish(Tracer tracer, Statements statement, boolean rootSpans) {
        new StatementSpans(tracer, rootSpans).onStatement(HOST, statement.metric(), statement.local());
    }
}
