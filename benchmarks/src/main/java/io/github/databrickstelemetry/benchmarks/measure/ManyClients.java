package io.github.databrickstelemetry.benchmarks.measure;

import io.github.databrickstelemetry.benchmarks.engine.Engines;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.engine.internal.TelemetryEngine;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.event.TelemetryEventEmitter;
import io.github.databrickstelemetry.event.TelemetrySession;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * CPU of the worker, and of the export threads beside it, with few and with many clients at the same 1,000 statements/s in
 * all. The exporter takes everything at once. With the default flush interval of 30 s, 10,000 clients export 333 times a
 * second and 100 clients 5 times.
 */
public final class ManyClients {

    private static final int STATEMENTS_PER_SECOND = 1_000;
    private static final int BURST = 10;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private ManyClients() {}

    /** The first argument is the number of seconds to watch, the second those of the warm-up: a flush interval or more. */
    public static void main(String[] arguments) {
        int seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 60;
        int warmUp = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 35;
        Results results = new Results("clients");
        for (int clients : new int[] {100, 10_000}) {
            measure(results, clients, seconds, warmUp);
        }
        results.write();
        System.exit(0);
    }

    private static void measure(Results results, int clients, int seconds, int warmUp) {
        try (TelemetryEngine engine = Engines.counting()) {
            List<TelemetryEventEmitter> emitters = new ArrayList<>();
            List<TelemetrySession> sessions = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                TelemetryClient client = engine.acquire(Engines.target("client" + i + ".example.com", 1));
                emitters.add(client.emitter());
                sessions.add(client.emitter().connectionOpen(null, ConnectionDetails.UNKNOWN, 1));
            }
            produce(emitters, sessions, warmUp);
            Map<Long, Long> before = cpu();
            produce(emitters, sessions, seconds);
            Map<Long, Long> after = cpu();
            String who = String.format("ours, %,d clients", clients);
            for (String kind : List.of("worker", "export")) {
                results.add("CPU of " + kind, who, used(before, after, kind) / (seconds * 1e7), "% of a core");
            }
        }
    }

    /** Emits statements in turn, in bursts. */
    private static void produce(List<TelemetryEventEmitter> emitters, List<TelemetrySession> sessions, int seconds) {
        long pause = TimeUnit.SECONDS.toNanos(1) * BURST / STATEMENTS_PER_SECOND;
        long next = System.nanoTime();
        int client = 0;
        for (int burst = 0; burst < seconds * STATEMENTS_PER_SECOND / BURST; burst++) {
            for (int i = 0; i < BURST; i++) {
                TelemetryEventEmitter emitter = emitters.get(client);
                TelemetrySession session = sessions.get(client);
                long key = emitter.statementStart(session, OperationType.EXECUTE_STATEMENT, StatementType.QUERY);
                emitter.statementComplete(session, key, 1_000_000, null);
                client = (client + 1) % emitters.size();
            }
            next += pause;
            for (long left = next - System.nanoTime(); left > 0; left = next - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
        }
    }

    private static Map<Long, Long> cpu() {
        Map<Long, Long> cpu = new HashMap<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            cpu.put(thread.getId(), THREADS.getThreadCpuTime(thread.getId()));
        }
        return cpu;
    }

    private static long used(Map<Long, Long> before, Map<Long, Long> after, String kind) {
        long nanos = 0;
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("databricks-telemetry-" + kind)) {
                nanos += after.getOrDefault(thread.getId(), 0L) - before.getOrDefault(thread.getId(), 0L);
            }
        }
        return nanos;
    }
}
