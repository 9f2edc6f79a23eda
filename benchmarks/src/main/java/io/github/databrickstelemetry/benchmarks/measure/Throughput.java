package io.github.databrickstelemetry.benchmarks.measure;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * How many statements a second are delivered without loss, and what one costs. A producer emits at a steady rate, in small
 * bursts, and the rate is raised until something is dropped: a closed loop would only show how fast things are dropped.
 */
public final class Throughput {

    /** Attempts for each rate: another program can stall the machine for longer than a queue lasts. */
    private static final int ATTEMPTS = 10;

    private static final double STEP = 1.25;
    private static final double FIRST_RATE = 10_000;
    private static final double LAST_RATE = 8_000_000;
    private static final int WARM_UP_STEPS = 25;

    /** The rate at which costs are measured; low enough for all. */
    private static final double CALM_RATE = 20_000;

    /** Between two bursts; a burst is at most ten pauses' worth. */
    private static final long PAUSE_NANOS = 100_000;

    /** The pause while costs are measured, so that waking the producers is no part of them. */
    private static final long CALM_PAUSE_NANOS = 5_000_000;

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Results results = new Results("throughput");
    private final long stepMillis;

    private Throughput(long stepMillis) {
        this.stepMillis = stepMillis;
    }

    /** The first argument is the length of a step in milliseconds. */
    public static void main(String[] arguments) {
        new Throughput(arguments.length > 0 ? Long.parseLong(arguments[0]) : 250).run();
        System.exit(0);
    }

    private void run() {
        for (int producers = 1; producers <= 2; producers++) {
            String suffix = producers == 1 ? ", 1 producer" : ", 2 producers";
            String aggregated = "accepted and aggregated" + suffix;
            String sent = "to bytes on a socket" + suffix;
            sweep(aggregated, "ours, batches of 1,000", producers, () -> OurPipeline.aggregating(1_000));
            sweep(
                    "with spans, meters and recent statements" + suffix,
                    "ours, batches of 1,000",
                    producers,
                    () -> OurPipeline.withInsight(1_000));
            sweep(sent, "ours, batches of 100", producers, () -> OurPipeline.sending(100));
            sweep(sent, "ours, batches of 1,000", producers, () -> OurPipeline.sending(1_000));
            sweep(sent, "openTelemetry", producers, OtelPipeline::new);
        }
        results.write();
    }

    private void sweep(String what, String who, int producers, Supplier<? extends Pipeline> factory) {
        double best = 0;
        double cost;
        try (Pipeline pipeline = factory.get()) {
            for (int i = 0; i < WARM_UP_STEPS; i++) {
                new Producers(pipeline, producers, CALM_RATE, PAUSE_NANOS).produce(stepMillis);
                pipeline.drain();
            }
            int failures = 0;
            double rate = FIRST_RATE;
            while (rate <= LAST_RATE && failures < ATTEMPTS) {
                long lost = pipeline.lost();
                double achieved = new Producers(pipeline, producers, rate, PAUSE_NANOS).produce(stepMillis);
                pipeline.drain();
                // The reached rate counts: on a busy machine it is less than the wanted one.
                if (pipeline.lost() > lost || achieved <= best) {
                    failures++;
                } else {
                    failures = 0;
                    best = achieved;
                    rate *= STEP;
                }
            }
            // Last, when everything has been compiled.
            cost = cost(pipeline, producers);
        }
        results.add("statements/s (two events each) without loss, " + what, who, best, "1/s");
        results.add("CPU per statement at 20,000/s, " + what, who, cost, "ns");
    }

    /** CPU of all threads but the receiver's, for producers that sleep between their bursts, less that of producers alone. */
    private double cost(Pipeline pipeline, int producers) {
        Pipeline nothing = new Nothing();
        // The lower of two, as the first still includes compilation.
        double with = Math.min(cpuPerStatement(pipeline, producers), cpuPerStatement(pipeline, producers));
        return with - Math.min(cpuPerStatement(nothing, producers), cpuPerStatement(nothing, producers));
    }

    private double cpuPerStatement(Pipeline pipeline, int producers) {
        long millis = 8 * stepMillis;
        long receivers = receiversCpu();
        long cpu = SYSTEM.getProcessCpuTime();
        double achieved = new Producers(pipeline, producers, CALM_RATE, CALM_PAUSE_NANOS).produce(millis);
        pipeline.drain();
        double nanos = SYSTEM.getProcessCpuTime() - cpu - (receiversCpu() - receivers);
        return nanos / (achieved * millis / 1_000);
    }

    private static long receiversCpu() {
        long nanos = 0;
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals(LoopbackSink.THREAD)) {
                nanos += Math.max(0, THREADS.getThreadCpuTime(thread.getId()));
            }
        }
        return nanos;
    }

    /** Threads that emit at a steady rate. */
    private record Producers(Pipeline pipeline, int threads, double rate, long pauseNanos) {

        /** Returns the rate that was reached. */
        double produce(long millis) {
            Thread[] running = new Thread[threads];
            LongAdder sum = new LongAdder();
            long begin = System.nanoTime();
            for (int i = 0; i < threads; i++) {
                int producer = i;
                running[i] = new Thread(() -> sum.add(alone(producer, rate / threads, millis)));
                running[i].start();
            }
            try {
                for (Thread thread : running) {
                    thread.join();
                }
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
            return sum.sum() * 1e9 / (System.nanoTime() - begin);
        }

        private long alone(int producer, double own, long millis) {
            long begin = System.nanoTime();
            long end = begin + TimeUnit.MILLISECONDS.toNanos(millis);
            long most = Math.max(1, (long) (own * 10 * pauseNanos / 1e9));
            long done = 0;
            for (long now = begin; now < end; now = System.nanoTime()) {
                long due = (long) ((now - begin) * own / 1e9);
                // At most a burst at once: time lost in a stall of the machine is not made up for.
                long burst = Math.min(due - done, most);
                if (due - done > burst) {
                    begin += (long) ((due - done - burst) * 1e9 / own);
                }
                for (long i = 0; i < burst; i++) {
                    pipeline.statement(producer);
                }
                done += Math.max(0, burst);
                // Producers that spin would take the consumer's processor.
                LockSupport.parkNanos(pauseNanos);
            }
            return done;
        }
    }

    /** What producers cost by themselves. */
    private static final class Nothing implements Pipeline {

        @Override
        public void statement(int producer) {
            Thread.onSpinWait();
        }

        @Override
        public void drain() {
            // Nothing waits.
        }

        @Override
        public long lost() {
            return 0;
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
