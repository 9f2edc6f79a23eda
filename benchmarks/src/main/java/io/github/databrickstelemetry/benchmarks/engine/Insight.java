package io.github.databrickstelemetry.benchmarks.engine;

import io.github.databrickstelemetry.engine.internal.TelemetryEngine;
import io.github.databrickstelemetry.insight.ConnectionFailures;
import io.github.databrickstelemetry.insight.MicrometerTraceContexts;
import io.github.databrickstelemetry.insight.RecentStatements;
import io.github.databrickstelemetry.insight.StatementSpans;
import io.github.databrickstelemetry.insight.StatementTotals;
import io.github.databrickstelemetry.insight.TraceContexts;
import io.github.databrickstelemetry.metrics.TelemetryMeterBinder;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.tracing.Tracer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** What the starter adds to an engine for the application's own tools. */
public final class Insight {

    private static final int RECENT_STATEMENTS = 50;

    private Insight() {}

    /**
     * Adds meters, recent statements and, with a tracer, spans.
     *
     * @return the trace contexts to capture
     */
    public static TraceContexts add(TelemetryEngine engine, String dataSource, @Nullable Tracer tracer) {
        Guard guard = new Guard(LoggerFactory.getLogger(Insight.class));
        TraceContexts traces = tracer == null ? TraceContexts.NONE : contexts(tracer, guard);
        StatementTotals totals = new StatementTotals();
        TelemetryMeterBinder meters =
                new TelemetryMeterBinder(engine, totals, new ConnectionFailures(), () -> List.of(dataSource), guard);
        meters.bindTo(new SimpleMeterRegistry());
        engine.addListener(totals);
        engine.addListener(meters);
        engine.addListener(new RecentStatements(RECENT_STATEMENTS, traces));
        if (tracer != null) {
            engine.addListener(new StatementSpans(tracer, false));
        }
        return traces;
    }

    private static TraceContexts contexts(Tracer tracer, Guard guard) {
        MicrometerTraceContexts contexts = new MicrometerTraceContexts(() -> tracer, guard);
        contexts.afterSingletonsInstantiated();
        return contexts;
    }
}
