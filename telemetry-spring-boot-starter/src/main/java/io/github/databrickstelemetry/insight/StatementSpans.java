package io.github.databrickstelemetry.insight;

import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.github.databrickstelemetry.aggregate.TelemetryMetric.StatementMetric;
import io.github.databrickstelemetry.client.TelemetryListener;
import io.github.databrickstelemetry.event.LocalDetails;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import org.jspecify.annotations.Nullable;

/**
 * Makes one CLIENT span for each statement, after it has finished. The span begins with the execute call and ends when
 * the result is consumed or the call has failed. Its parent is the span in which the executing thread was.
 *
 * <p>A statement outside of a trace has a span only with {@code root-spans}, a statement of a trace that is not sampled
 * never. A batch is one span. A statement that is never closed ends with its connection; one that outlives the
 * statement's time to live has no span. Called on the engine's worker only.
 */
public final class StatementSpans implements TelemetryListener {

    private final Tracer tracer;
    private final boolean rootSpans;

    /** @param rootSpans whether statements outside of a trace have a span, each in a trace of its own */
    public StatementSpans(Tracer tracer, boolean rootSpans) {
        this.tracer = tracer;
        this.rootSpans = rootSpans;
    }

    @Override
    public void onStatement(String host, StatementMetric metric, LocalDetails local) {
        TraceContext parent = local.traceContext() instanceof TraceContext context && isTrace(context) ? context : null;
        if (parent == null ? rootSpans : !Boolean.FALSE.equals(parent.sampled())) {
            record(parent, new FinishedStatement(host, metric, local));
        }
    }

    /** A tracer that does nothing gives a context without an id. */
    private static boolean isTrace(TraceContext context) {
        return !context.traceId().isEmpty();
    }

    private void record(@Nullable TraceContext parent, FinishedStatement statement) {
        Span.Builder builder = tracer.spanBuilder()
                .name(statement.operation() + " " + statement.dataSource().name())
                .kind(Span.Kind.CLIENT)
                .startTimestamp(statement.metric().timestampMillis(), MILLISECONDS);
        builder = parent == null ? builder.setNoParent() : builder.setParent(parent);
        tag(builder, statement);
        Span span = builder.start();
        if (statement.readyNanos() > 0) {
            event(span, "databricks.executed", statement, statement.executeNanos());
            event(span, "databricks.result.ready", statement, statement.readyNanos());
            event(span, "databricks.result.consumed", statement, statement.durationNanos());
        }
        String errorType = statement.errorType();
        if (errorType != null) {
            span.error(new FailedStatement(errorType));
        }
        span.end(microsAfterStart(statement, statement.durationNanos()), MICROSECONDS);
    }

    private static void event(Span span, String name, FinishedStatement statement, long nanosAfterStart) {
        span.event(name, microsAfterStart(statement, nanosAfterStart), MICROSECONDS);
    }

    private static long microsAfterStart(FinishedStatement statement, long nanos) {
        return MILLISECONDS.toMicros(statement.metric().timestampMillis()) + NANOSECONDS.toMicros(nanos);
    }

    /** On the builder, so that samplers see the tags. */
    private static void tag(Span.Builder span, FinishedStatement statement) {
        span.tag("db.system.name", FinishedStatement.DATABASE);
        span.tag("db.operation.name", statement.operation());
        tagIfKnown(span, "db.namespace", statement.dataSource().namespace());
        span.tag("server.address", statement.serverAddress());
        span.tag("server.port", (long) statement.serverPort());
        tagIfKnown(span, "db.response.status_code", statement.sqlState());
        tagIfKnown(span, "error.type", statement.errorType());
        if (statement.local().batchSize() >= 2) {
            span.tag("db.operation.batch.size", (long) statement.local().batchSize());
        }
        tagIfKnown(span, "db.query.text", statement.local().queryText());
        span.tag("databricks.statement.id", statement.metric().statementId());
        tagIfKnown(span, "databricks.session.id", statement.metric().session().sessionId());
        tagIfKnown(span, "databricks.warehouse.id", statement.dataSource().warehouseId());
        span.tag("databricks.data_source", statement.dataSource().name());
        tagIfKnown(span, "databricks.result.format", statement.format());
        if (statement.chunks() > 0) {
            span.tag("databricks.result.chunks", statement.chunks());
        }
        if (statement.polls() > 0) {
            span.tag("databricks.result.polls", (long) statement.polls());
        }
        tagIfKnown(span, "databricks.query_profile.url", statement.queryProfile());
    }

    private static void tagIfKnown(Span.Builder span, String key, @Nullable String value) {
        if (value != null) {
            span.tag(key, value);
        }
    }

    /** Marks a span as failed. Its message is the failure's class: the failure's own message contains SQL. */
    private static final class FailedStatement extends Exception {

        private static final long serialVersionUID = 1L;

        FailedStatement(String errorType) {
            super(errorType, null, false, false);
        }
    }
}
