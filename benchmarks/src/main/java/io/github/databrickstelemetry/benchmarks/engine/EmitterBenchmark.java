package io.github.databrickstelemetry.benchmarks.engine;

import io.github.databrickstelemetry.engine.internal.TelemetryEngine;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.event.TelemetryEventEmitter;
import io.github.databrickstelemetry.event.TelemetrySession;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/** What an event costs the thread that emits it, the queue included, the clock readings not. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up.
public class EmitterBenchmark {

    private static final int EVENTS = 2;

    /** Work after each statement, so that the consumer can keep up; its cost is that of {@link #pauseAlone}. */
    private static final int PAUSE = 400;

    private TelemetryEngine engine;
    private TelemetryEventEmitter emitter;
    private TelemetrySession session;

    @Setup
    public void start() {
        engine = Engines.counting();
        emitter = engine.acquire(Engines.batching("emitter.example.com", 1_000)).emitter();
        session = emitter.connectionOpen(null, ConnectionDetails.UNKNOWN, 1_000);
    }

    @TearDown
    public void stop() {
        engine.close();
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void event() {
        long now = System.nanoTime();
        long key =
                emitter.statementStart(session, OperationType.EXECUTE_STATEMENT, StatementType.QUERY, now, false, null);
        emitter.statementComplete(session, key, 1_000, null);
        Blackhole.consumeCPU(PAUSE);
    }

    /** The cost without events: half a clock reading and half a pause. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long pauseAlone() {
        long now = System.nanoTime();
        Blackhole.consumeCPU(PAUSE);
        return now;
    }
}
