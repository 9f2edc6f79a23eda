package io.github.databrickstelemetry.benchmarks.jmh;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * CPU time and allocation per operation: of the calling threads, which is the cost for an application's thread, and of the
 * whole process. Unlike the clock, CPU time does not see other programs on the machine.
 */
public final class CpuProfiler implements InternalProfiler {

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private long processBefore;
    private Callers before = new Callers(0, 0);

    private record Callers(long nanos, long bytes) {}

    @Override
    public String getDescription() {
        return "CPU time and bytes per operation, of the callers and of the process";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        processBefore = system.getProcessCpuTime();
        before = callers();
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        double operations = Math.max(1, result.getMetadata().getAllOps());
        Callers now = callers();
        return List.of(
                scalar("cpu.callers", (now.nanos - before.nanos) / operations, "ns/op"),
                scalar("cpu.process", (system.getProcessCpuTime() - processBefore) / operations, "ns/op"),
                scalar("alloc.callers", (now.bytes - before.bytes) / operations, "B/op"));
    }

    private static ScalarResult scalar(String name, double value, String unit) {
        return new ScalarResult(name, value, unit, AggregationPolicy.AVG);
    }

    private Callers callers() {
        long nanos = 0;
        long bytes = 0;
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().contains("-jmh-worker-")) {
                nanos += Math.max(0, threads.getThreadCpuTime(thread.getThreadId()));
                bytes += Math.max(0, threads.getThreadAllocatedBytes(thread.getThreadId()));
            }
        }
        return new Callers(nanos, bytes);
    }
}
