package io.github.databrickstelemetry.benchmarks.measure;

import com.sun.management.OperatingSystemMXBean;
import io.github.databrickstelemetry.benchmarks.engine.Engines;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryEngine;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.event.TelemetryEventEmitter;
import io.github.databrickstelemetry.event.TelemetrySession;
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
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * How many statements a second go through without loss. A producer emits at a steady rate, in bursts of a millisecond,
 * and the rate is raised until something is dropped: a closed loop would only show how fast things are dropped.
 */
public final class Throughput {

    /** Each rate gets as many, since any other program can stall the machine for longer than a queue lasts. */
    private static final int ATTEMPTS = 4;

    private static final double STEP = 1.25;
    private static final double FIRST_RATE = 50_000;
    private static final double LAST_RATE = 8_000_000;

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private Throughput() {}

    /** Something that takes statements. */
    private interface Pipeline extends AutoCloseable {

        /** One statement: two events of ours, one span. Called by one thread per number. */
        void statement(int producer);

        /** Waits until all is through. */
        void drain();

        /** Events, metrics or spans that did not get through so far. */
        long lost();

        @Override
        void close();
    }

    /** The first argument is the length of a step in milliseconds. */
    public static void main(String[] arguments) {
        long stepMillis = arguments.length > 0 ? Long.parseLong(arguments[0]) : 2_000;
        Results results = new Results("throughput");
        for (int producers = 1; producers <= 2; producers++) {
            String suffix = producers == 1 ? ", 1 producer" : ", 2 producers";
            sweep(results, "accepted and aggregated" + suffix, "ours", producers, stepMillis, OurPipeline::aggregating);
            sweep(results, "to bytes on a socket" + suffix, "ours", producers, stepMillis, OurPipeline::sending);
            sweep(results, "to bytes on a socket" + suffix, "openTelemetry", producers, stepMillis, OtelPipeline::new);
        }
        results.write();
        System.exit(0);
    }

    private static void sweep(
            Results results,
            String what,
            String who,
            int producers,
            long millis,
            Supplier<? extends Pipeline> factory) {
        double best = 0;
        double cpuAtBest = 0;
        try (Pipeline pipeline = factory.get()) {
            produce(pipeline, producers, FIRST_RATE, 2 * millis);
            pipeline.drain();
            int failures = 0;
            double rate = FIRST_RATE;
            while (rate <= LAST_RATE && failures < ATTEMPTS) {
                long lost = pipeline.lost();
                long cpu = SYSTEM.getProcessCpuTime();
                double achieved = produce(pipeline, producers, rate, millis);
                pipeline.drain();
                double nanos = (double) (SYSTEM.getProcessCpuTime() - cpu) / (achieved * millis / 1_000);
                // What counts is the rate that was reached: on a busy machine it is less than was asked for.
                if (pipeline.lost() > lost || achieved <= best) {
                    failures++;
                } else {
                    failures = 0;
                    best = achieved;
                    cpuAtBest = nanos;
                    rate *= STEP;
                }
            }
        }
        results.add("statements/s without loss, " + what, who, best, "1/s");
        results.add("CPU per statement at that rate, " + what, who, cpuAtBest, "ns");
    }

    /** Returns the rate that was reached. */
    private static double produce(Pipeline pipeline, int producers, double rate, long millis) {
        Thread[] threads = new Thread[producers];
        AtomicLong sum = new AtomicLong();
        long begin = System.nanoTime();
        for (int i = 0; i < producers; i++) {
            int producer = i;
            threads[i] = new Thread(() -> sum.addAndGet(produceAlone(pipeline, producer, rate / producers, millis)));
            threads[i].start();
        }
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
        return sum.get() * 1e9 / (System.nanoTime() - begin);
    }

    private static long produceAlone(Pipeline pipeline, int producer, double rate, long millis) {
        long begin = System.nanoTime();
        long end = begin + TimeUnit.MILLISECONDS.toNanos(millis);
        long done = 0;
        for (long now = begin; now < end; now = System.nanoTime()) {
            long due = (long) ((now - begin) * rate / 1e9);
            // No more than a burst at once: after a stall of the machine the rest is not made up for.
            long burst = Math.min(due - done, Math.max(1, (long) (rate / 1_000)));
            if (due - done > burst) {
                begin += (long) ((due - done - burst) * 1e9 / rate);
            }
            for (long i = 0; i < burst; i++) {
                pipeline.statement(producer);
            }
            done += Math.max(0, burst);
            Thread.onSpinWait();
        }
        return done;
    }

    private static final class OurPipeline implements Pipeline {

        private final TelemetryEngine engine;
        private final TelemetryClient client;
        private final TelemetrySession[] sessions;
        private final Runnable closing;

        static OurPipeline aggregating() {
            return new OurPipeline(Engines.counting(), "pipeline.example.com", () -> {});
        }

        static OurPipeline sending() {
            LoopbackSink sink = new LoopbackSink();
            return new OurPipeline(Engines.sending(), sink.url(), sink::close);
        }

        private OurPipeline(TelemetryEngine engine, String host, Runnable closing) {
            this.engine = engine;
            this.closing = closing;
            this.client = engine.acquire(Engines.target(host, 1));
            this.sessions = new TelemetrySession[2];
            for (int i = 0; i < sessions.length; i++) {
                sessions[i] = client.emitter().connectionOpen(null, ConnectionDetails.UNKNOWN, 1_000);
            }
        }

        @Override
        public void statement(int producer) {
            TelemetryEventEmitter emitter = client.emitter();
            TelemetrySession session = sessions[producer];
            long key = emitter.statementStart(session, OperationType.EXECUTE_STATEMENT, StatementType.QUERY);
            emitter.statementComplete(session, key, 1_000_000, null);
        }

        @Override
        public void drain() {
            client.flush();
            for (int i = 0; i < 2_000; i++) {
                TelemetryStatistics now = client.statistics();
                if (now.queued() == 0 && now.pending() == 0 && now.inFlight() == 0) {
                    return;
                }
                sleep();
            }
        }

        @Override
        public long lost() {
            TelemetryStatistics now = client.statistics();
            return sum(now.droppedEvents().values()) + sum(now.droppedMetrics().values());
        }

        @Override
        public void close() {
            engine.close();
            closing.run();
        }
    }

    private static final class OtelPipeline implements Pipeline {

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
                    .addSpanProcessor(BatchSpanProcessor.builder(new Counting(otlp, exported))
                            .build())
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

    static long sum(Collection<Long> counts) {
        return counts.stream().mapToLong(Long::longValue).sum();
    }

    static void sleep() {
        try {
            TimeUnit.MILLISECONDS.sleep(5);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
