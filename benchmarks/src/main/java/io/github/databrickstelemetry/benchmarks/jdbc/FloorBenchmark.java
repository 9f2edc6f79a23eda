package io.github.databrickstelemetry.benchmarks.jdbc;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/** The least that any telemetry of a statement costs: two clock reads, one event, one offer to a queue. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FloorBenchmark {

    private record Event(long start, long duration, Object what) {}

    /** As in {@link JdbcBenchmark}. */
    @Param({"0", "400"})
    int pause;

    private final MpscAtomicArrayQueue<Event> queue = new MpscAtomicArrayQueue<>(8192);
    private final Thread consumer = new Thread(this::consume, "floor-consumer");
    private volatile boolean over;

    @Setup
    public void start() {
        consumer.setDaemon(true);
        consumer.start();
    }

    @TearDown
    public void stop() {
        over = true;
    }

    @Benchmark
    public boolean floor() {
        long start = System.nanoTime();
        boolean taken = queue.offer(new Event(start, System.nanoTime() - start, this));
        if (pause > 0) {
            Blackhole.consumeCPU(pause);
        }
        return taken;
    }

    /** What the floor is above when there is a pause. */
    @Benchmark
    public void pauseAlone() {
        if (pause > 0) {
            Blackhole.consumeCPU(pause);
        }
    }

    private void consume() {
        while (!over) {
            if (queue.poll() == null) {
                LockSupport.parkNanos(50_000);
            }
        }
    }
}
