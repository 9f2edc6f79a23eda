package io.github.databrickstelemetry.benchmarks.measure;

import com.sun.management.OperatingSystemMXBean;
import io.github.databrickstelemetry.benchmarks.engine.Engines;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.engine.internal.TelemetryEngine;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.event.TelemetrySession;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Memory of a statement in flight; memory, threads and idle CPU of hosts. Heap is measured after full collections. */
public final class Footprint {

    private static final int STATEMENTS = 5_000;

    private Footprint() {}

    /** The first argument is for how many milliseconds to watch an idle engine. */
    public static void main(String[] arguments) throws InterruptedException {
        long idleMillis = arguments.length > 0 ? Long.parseLong(arguments[0]) : 5_000;
        Results results = new Results("footprint");
        statements(results);
        hosts(results, "ours, 1 host, and all that is loaded with the first", 1, idleMillis);
        hosts(results, "ours, 1 host", 1, idleMillis);
        hosts(results, "ours, 100 hosts", 100, idleMillis);
        hosts(results, "ours, 1,000 hosts", 1_000, idleMillis);
        results.write();
        System.exit(0);
    }

    private static void statements(Results results) throws InterruptedException {
        double bytes = 0;
        for (int round = 0; round < 2; round++) {
            try (TelemetryEngine engine = Engines.counting()) {
                TelemetryClient client = engine.acquire(Engines.target("footprint.example.com", 1));
                TelemetrySession session = client.emitter().connectionOpen(null, ConnectionDetails.UNKNOWN, 1);
                settle(client);
                long before = heap();
                for (int i = 0; i < STATEMENTS; i++) {
                    client.emitter().statementStart(session, OperationType.EXECUTE_STATEMENT, StatementType.QUERY);
                    if (i % 1_000 == 0) {
                        settle(client);
                    }
                }
                settle(client);
                bytes = (double) (heap() - before) / STATEMENTS;
            }
        }
        results.add("heap per statement in flight", "ours", bytes, "B");
    }

    private static void hosts(Results results, String who, int hosts, long idleMillis) throws InterruptedException {
        long before = heap();
        long threadsBefore = threads("");
        List<TelemetryClient> clients = new ArrayList<>();
        try (LoopbackSink sink = LoopbackSink.onManyAddresses();
                TelemetryEngine engine = Engines.sending()) {
            String port = sink.url().substring(sink.url().lastIndexOf(':'));
            for (int i = 0; i < hosts; i++) {
                // All of 127.0.0.0/8 is this machine.
                String host = "http://127.0." + (i / 250) + "." + (i % 250 + 1) + port;
                TelemetryClient client = engine.acquire(Engines.target(host, 1));
                clients.add(client);
                client.emitter().connectionOpen(null, ConnectionDetails.UNKNOWN, 1);
            }
            clients.forEach(TelemetryClient::flush);
            for (int i = 0; i < 2_000 && sink.requests() < hosts; i++) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            results.add("requests that came through", who, (double) sink.requests(), "");
            results.add("heap", who, (heap() - before) / 1024.0, "KiB");
            results.add("threads named databricks-telemetry", who, (double) threads("databricks-telemetry-"), "");
            results.add("threads in all", who, (double) (threads("") - threadsBefore), "");
            OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            long cpu = system.getProcessCpuTime();
            TimeUnit.MILLISECONDS.sleep(idleMillis);
            double share = (system.getProcessCpuTime() - cpu) / (idleMillis * 1e6);
            results.add("idle CPU", who, 100 * share, "% of a core");
        }
    }

    private static void settle(TelemetryClient client) throws InterruptedException {
        for (int i = 0;
                i < 1_000
                        && (client.statistics().events().queued() > 0
                                || client.statistics().metrics().pending() > 0);
                i++) {
            client.flush();
            TimeUnit.MILLISECONDS.sleep(2);
        }
    }

    /** Without the server's threads. */
    private static long threads(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(prefix) && !name.equals("sink"))
                .count();
    }

    private static long heap() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
