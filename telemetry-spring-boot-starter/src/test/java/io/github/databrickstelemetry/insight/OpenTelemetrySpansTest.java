package io.github.databrickstelemetry.insight;

import static io.github.databrickstelemetry.insight.Statements.HOST;
import static io.github.databrickstelemetry.insight.Statements.START;
import static io.github.databrickstelemetry.insight.Statements.statement;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementType;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Spans as the OpenTelemetry SDK exports them. */
class OpenTelemetrySpansTest {

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private SdkTracerProvider provider = provider(Sampler.parentBased(Sampler.alwaysOn()));
    private Tracer tracer = tracer(provider);

    @AfterEach
    void close() {
        provider.close();
    }

    private SdkTracerProvider provider(Sampler sampler) {
        return SdkTracerProvider.builder()
                .setSampler(sampler)
                .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                .build();
    }

    private static Tracer tracer(SdkTracerProvider provider) {
        return new OtelTracer(provider.get("test"), new OtelCurrentTraceContext(), event -> {});
    }

    @Test
    void showsAStatementAsAClientSpanBelowTheCallersSpan() {
        Span request = tracer.nextSpan().name("GET /orders").start();
        finish(statement().in(within(request, contexts()::get)), false);
        request.end();

        SpanData span = exported().get(0);
        assertThat(span.getName()).isEqualTo("query orders");
        assertThat(span.getKind()).isEqualTo(SpanKind.CLIENT);
        assertThat(span.getTraceId()).isEqualTo(request.context().traceId());
        assertThat(span.getParentSpanId()).isEqualTo(request.context().spanId());
        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        assertThat(span.getStartEpochNanos()).isEqualTo(nanos(0));
        assertThat(span.getEndEpochNanos()).isEqualTo(nanos(470 + 1_364));
    }

    @Test
    void hasTheAttributesOfTheSemanticConventionsAndOurOwn() {
        finish(statement(), true);

        assertThat(exported().get(0).getAttributes().asMap())
                .isEqualTo(Attributes.builder()
                        .put("db.system.name", "databricks")
                        .put("db.operation.name", "query")
                        .put("db.namespace", "main.sales")
                        .put("server.address", "prod.example.com")
                        .put("server.port", 443)
                        .put("databricks.statement.id", "01f0-server")
                        .put("databricks.session.id", "session-1")
                        .put("databricks.warehouse.id", "abc123")
                        .put("databricks.data_source", "orders")
                        .put("databricks.result.format", "EXTERNAL_LINKS")
                        .put("databricks.result.chunks", 5)
                        .put("databricks.result.polls", 3)
                        .put(
                                "databricks.query_profile.url",
                                "https://prod.example.com/sql/history?queryId=01f0-server&queryStartTimeMs=" + START
                                        + "&o=987")
                        .build()
                        .asMap());
    }

    @Test
    void marksWhenTheResultWasReadyAndConsumed() {
        finish(statement(), true);

        List<EventData> events = exported().get(0).getEvents();
        assertThat(events)
                .extracting(EventData::getName)
                .containsExactly("databricks.executed", "databricks.result.ready", "databricks.result.consumed");
        assertThat(events).extracting(EventData::getEpochNanos).containsExactly(nanos(450), nanos(470), nanos(1_834));
    }

    @Test
    void aFailedStatementShowsClassAndSqlStateAndNeverTheMessage() {
        finish(statement().failing(), true);

        SpanData span = exported().get(0);
        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(attribute(span, "error.type")).isEqualTo("com.databricks.client.jdbc.DatabricksSQLException");
        assertThat(attribute(span, "db.response.status_code")).isEqualTo("42P01");
        assertThat(span.getEndEpochNanos()).isEqualTo(nanos(450));
        assertThat(span.toString()).doesNotContain("secret").doesNotContain("vault");
    }

    @Test
    void aCancelledStatementIsAFailedOne() {
        finish(statement().failing("java.sql.SQLTimeoutException", null), true);

        SpanData span = exported().get(0);
        assertThat(attribute(span, "error.type")).isEqualTo("java.sql.SQLTimeoutException");
        assertThat(attribute(span, "db.response.status_code")).isNull();
        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    }

    @Test
    void aBatchIsOneSpanWithItsSize() {
        finish(statement().batch(20), true);

        SpanData span = exported().get(0);
        assertThat(span.getName()).isEqualTo("batch orders");
        assertThat(span.getAttributes().get(AttributeKey.longKey("db.operation.batch.size")))
                .isEqualTo(20);
        assertThat(span.getEvents()).isEmpty();
    }

    /** The conventions call two operations and more a batch. */
    @Test
    void aBatchOfOneHasNoSize() {
        finish(statement().batch(1), true);

        assertThat(exported().get(0).getAttributes().get(AttributeKey.longKey("db.operation.batch.size")))
                .isNull();
    }

    @Test
    void aMetadataCallIsNamedByItsOperation() {
        finish(statement().operation(OperationType.LIST_TABLES, StatementType.METADATA), true);

        assertThat(exported().get(0).getName()).isEqualTo("list_tables orders");
    }

    /** It is reported when the client closes, with nothing known of its end. */
    @Test
    void aStatementThatIsNeverClosedEndsWhereItBegan() {
        finish(statement().executeMillis(0), true);

        SpanData span = exported().get(0);
        assertThat(span.getEndEpochNanos()).isEqualTo(span.getStartEpochNanos());
        assertThat(span.getEvents()).isEmpty();
    }

    @Test
    void showsQueryTextOnlyWhereItWasCaptured() {
        finish(statement(), true);
        finish(statement().queryText("SELECT 1"), true);

        assertThat(exported())
                .extracting(span -> attribute(span, "db.query.text"))
                .containsExactly(null, "SELECT 1");
    }

    @Test
    void hasNoLinkWithoutTheServersId() {
        finish(statement().unknownId(), true);

        assertThat(attribute(exported().get(0), "databricks.query_profile.url")).isNull();
    }

    @Test
    void makesNoSpanOutsideOfATraceUnlessAsked() {
        finish(statement(), false);
        assertThat(exported()).isEmpty();

        finish(statement(), true);
        assertThat(exported().get(0).getParentSpanContext().isValid()).isFalse();
    }

    @Test
    void makesNoSpanInATraceThatIsNotSampled() {
        provider.close();
        provider = provider(Sampler.alwaysOff());
        tracer = tracer(provider);
        Span request = tracer.nextSpan().start();
        Object captured = within(request, contexts()::get);
        request.end();
        assertThat(captured).isNotNull();

        provider.close();
        provider = provider(Sampler.alwaysOn());
        tracer = tracer(provider);
        finish(statement().in(captured), true);

        assertThat(exported()).isEmpty();
    }

    @Test
    void theParentIsTheSpanOfTheExecutingThread() {
        Span request = tracer.nextSpan().start();
        Span task = tracer.nextSpan(request).start();
        Object inTask = CompletableFuture.supplyAsync(() -> within(task, contexts()::get))
                .join();
        Object elsewhere = within(
                request,
                () -> CompletableFuture.supplyAsync(
                                () -> contexts().traceId(contexts().get()) == null ? "none" : "some")
                        .join());

        finish(statement().in(inTask), false);

        assertThat(elsewhere).isEqualTo("none");
        assertThat(exported().get(0).getParentSpanId()).isEqualTo(task.context().spanId());
    }

    @Test
    void knowsTheIdsOfACapturedContext() {
        Span request = tracer.nextSpan().start();
        Object captured = within(request, contexts()::get);

        assertThat(contexts().traceId(captured)).isEqualTo(request.context().traceId());
        assertThat(contexts().spanId(captured)).isEqualTo(request.context().spanId());
        assertThat(contexts().traceId(null)).isNull();
        assertThat(contexts().traceId("something else")).isNull();
    }

    @Test
    void aTracerThatDoesNothingGivesNoTrace() {
        MicrometerTraceContexts none = new MicrometerTraceContexts(() -> Tracer.NOOP, Statements.guard());
        none.afterSingletonsInstantiated();

        assertThat(none.traceId(none.get())).isNull();
        new StatementSpans(Tracer.NOOP, true)
                .onStatement(
                        HOST, statement().metric(), statement().in(none.get()).local());
    }

    private TraceContexts contexts() {
        MicrometerTraceContexts contexts = new MicrometerTraceContexts(() -> tracer, Statements.guard());
        contexts.afterSingletonsInstantiated();
        return contexts;
    }

    private @Nullable Object within(Span span, Supplier<@Nullable Object> action) {
        try (Tracer.SpanInScope scope = tracer.withSpan(span)) {
            assertThat(scope).isNotNull();
            return action.get();
        }
    }

    private void finish(Statements statement, boolean rootSpans) {
        new StatementSpans(tracer, rootSpans).onStatement(HOST, statement.metric(), statement.local());
    }

    private List<SpanData> exported() {
        return exporter.getFinishedSpanItems();
    }

    private static @Nullable Object attribute(SpanData span, String key) {
        return span.getAttributes().get(AttributeKey.stringKey(key));
    }

    private static long nanos(long millisAfterStart) {
        return TimeUnit.MILLISECONDS.toNanos(START + millisAfterStart);
    }
}
