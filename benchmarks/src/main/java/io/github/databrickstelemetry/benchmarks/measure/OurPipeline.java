package io.github.databrickstelemetry.benchmarks.measure;

import io.github.databrickstelemetry.benchmarks.engine.Engines;
import io.github.databrickstelemetry.benchmarks.engine.Insight;
import io.github.databrickstelemetry.benchmarks.engine.OpenTelemetry;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.engine.internal.TelemetryEngine;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.LocalDetails;
import io.github.databrickstelemetry.event.LocalDetails.LocalDataSource;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.event.TelemetryEventEmitter;
import io.github.databrickstelemetry.event.TelemetrySession;
import io.github.databrickstelemetry.insight.TraceContexts;
import io.micrometer.tracing.Tracer;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Ours, with the starter's defaults. */
final class OurPipeline implements Pipeline {

    private static final long POLL_NANOS = 1_000_000;

    private final TelemetryEngine engine;
    private final TelemetryClient client;
    private final TelemetrySession[] sessions;
    private final @Nullable LocalDetails local;
    private final Runnable closing;

    /** Up to an exporter that delivers everything. */
    static OurPipeline aggregating(int batchSize) {
        return new OurPipeline(Engines.counting(), "pipeline.example.com", batchSize, null, () -> {});
    }

    /**
     * The same with spans, meters and recent statements: each statement belongs to a trace that is sampled. Spans that
     * the span processor drops are no loss of ours.
     */
    static OurPipeline withInsight(int batchSize) {
        TelemetryEngine engine = Engines.counting();
        OpenTelemetry openTelemetry = new OpenTelemetry();
        Tracer tracer = openTelemetry.tracer();
        TraceContexts traces = Insight.add(engine, "dataSource", tracer);
        Object context;
        try (Tracer.SpanInScope scope =
                tracer.withSpan(tracer.nextSpan().name("GET /").start())) {
            context = traces.get();
        }
        LocalDetails local = new LocalDetails(new LocalDataSource("dataSource", null, null, null), 0, null, context);
        return new OurPipeline(engine, "pipeline.example.com", batchSize, local, openTelemetry::close);
    }

    /** Up to a socket. */
    static OurPipeline sending(int batchSize) {
        LoopbackSink sink = new LoopbackSink();
        return new OurPipeline(Engines.sending(), sink.url(), batchSize, null, sink::close);
    }

    private OurPipeline(
            TelemetryEngine engine, String host, int batchSize, @Nullable LocalDetails local, Runnable closing) {
        this.engine = engine;
        this.local = local;
        this.closing = closing;
        this.client = engine.acquire(Engines.batching(host, batchSize));
        this.sessions = new TelemetrySession[2];
        for (int i = 0; i < sessions.length; i++) {
            sessions[i] = client.emitter().connectionOpen(null, ConnectionDetails.UNKNOWN, 1_000);
        }
    }

    @Override
    public void statement(int producer) {
        TelemetryEventEmitter emitter = client.emitter();
        TelemetrySession session = sessions[producer];
        long key = emitter.statementStart(
                session, OperationType.EXECUTE_STATEMENT, StatementType.QUERY, System.nanoTime(), false, local);
        emitter.statementComplete(session, key, 1_000_000, null);
    }

    @Override
    public void drain() {
        client.flush();
        for (int i = 0; i < 10_000; i++) {
            TelemetryStatistics now = client.statistics();
            if (now.events().queued() == 0
                    && now.metrics().pending() == 0
                    && now.metrics().inFlight() == 0) {
                return;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    @Override
    public long lost() {
        TelemetryStatistics now = client.statistics();
        return Stream.of(now.events().dropped(), now.metrics().dropped())
                .flatMap(reasons -> reasons.values().stream())
                .mapToLong(Long::longValue)
                .sum();
    }

    @Override
    public void close() {
        engine.close();
        closing.run();
    }
}
