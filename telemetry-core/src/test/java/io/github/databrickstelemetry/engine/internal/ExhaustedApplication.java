package io.github.databrickstelemetry.engine.internal;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.config.ClientSettings.CircuitBreakerSettings;
import io.github.databrickstelemetry.config.EngineSettings;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.EventType;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.event.TelemetrySession;
import io.github.databrickstelemetry.export.internal.DatabricksTelemetryExporterFactory;
import io.github.databrickstelemetry.flag.internal.FeatureFlagCache;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import io.github.databrickstelemetry.testing.Targets;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.internal.WorkspaceHttp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * An application that fills its heap for some seconds and survives. It runs in a JVM of its own with a small heap, and says
 * on its standard output what came of its telemetry. Its own threads catch what they throw.
 */
final class ExhaustedApplication {

    private static final int FILLERS = 6;
    private static final int LARGEST = 64 << 10;

    private static volatile boolean exhausting;
    private static volatile boolean emitting = true;

    private ExhaustedApplication() {}

    /** Arguments: the workspace's port, and for how many seconds the heap is full. */
    public static void main(String[] arguments) throws InterruptedException {
        int port = Integer.parseInt(arguments[0]);
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.INFO);
        ((Logger) LoggerFactory.getLogger("io.github.databrickstelemetry")).setLevel(Level.INFO);
        WorkspaceHttp http = new WorkspaceHttp();
        Engines engines = new Engines().settings(new EngineSettings(8192, Duration.ofSeconds(5)));
        Random random = new Random();
        TelemetryEngine engine = engines.flags(
                        () -> new FeatureFlagCache(http::open, TelemetryClock.SYSTEM, random, null, engines.guard))
                .with(new DatabricksTelemetryExporterFactory(
                        http, TelemetryClock.SYSTEM, random, "test", engines.guard));

        List<Emitter> emitters = new ArrayList<>();
        for (String principal : List.of("a", "b", "c")) {
            Emitter emitter = new Emitter(engine.acquire(target(port, principal)));
            emitters.add(emitter);
            emitter.start();
        }
        awaitDelivery(emitters, 1);

        exhaust(Integer.parseInt(arguments[1]));

        long released = System.nanoTime();
        long[] before = emitters.stream().mapToLong(Emitter::delivered).toArray();
        for (int i = 0; i < before.length; i++) {
            awaitDelivery(List.of(emitters.get(i)), before[i] + 1);
        }
        say("recovered after ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - released));
        emitting = false;
        for (Emitter emitter : emitters) {
            emitter.join();
        }
        engine.close();
        http.close();
        say("swallowed", engine.swallowed());
        for (Emitter emitter : emitters) {
            TelemetryStatistics statistics = emitter.client.statistics();
            Sums.hold(statistics);
            say("started", emitter.started - statistics.events().byType().getOrDefault(EventType.STATEMENT_START, 0L));
            say("open", statistics.metrics().pending() + statistics.metrics().inFlight());
            say("delivered", statistics.metrics().delivered());
            say("statistics", statistics);
        }
        say("finished", true);
    }

    private static void say(String what, Object value) {
        System.out.println(what + "=" + value);
    }

    private static TelemetryTarget target(int port, String principal) {
        TelemetryTarget target = Targets.http(port)
                .credentials(Targets.token(principal, "Bearer secret-" + principal))
                .readTimeout(Duration.ofSeconds(10))
                .retries(1)
                .build();
        ClientSettings usual = target.settings();
        return new TelemetryTarget(
                target.host(),
                target.hostFromJdbcUrl(),
                target.credentials(),
                target.transport(),
                target.workspaceId(),
                target.orgId(),
                new ClientSettings(
                        usual.authenticatedExport(),
                        usual.batchSize(),
                        Duration.ofMillis(300),
                        usual.maxPending(),
                        usual.maxInFlightStatements(),
                        usual.maxErrorsPerStatement(),
                        usual.statementTtl(),
                        usual.errorDetail(),
                        usual.export(),
                        new CircuitBreakerSettings(5, Duration.ofSeconds(1), 2),
                        usual.featureFlag()));
    }

    private static void awaitDelivery(List<Emitter> emitters, long delivered) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (emitters.stream().anyMatch(emitter -> emitter.delivered() < delivered)) {
            if (System.nanoTime() - deadline > 0) {
                emitters.forEach(emitter -> say("dead", emitter.client.statistics()));
                Thread.getAllStackTraces().forEach((thread, stack) -> say(thread.getName(), List.of(stack)));
                System.exit(1);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private static void exhaust(int seconds) throws InterruptedException {
        List<Filler> fillers = new ArrayList<>();
        for (int i = 0; i < FILLERS; i++) {
            Filler filler = new Filler();
            fillers.add(filler);
            filler.start();
        }
        // Not before all are there: this thread needs memory to start them.
        exhausting = true;
        TimeUnit.SECONDS.sleep(seconds);
        exhausting = false;
        long errors = 0;
        for (Filler filler : fillers) {
            filler.join();
            errors += filler.errors;
        }
        say("out of memory", errors);
    }

    /** Retains what it allocates until nothing more fits, lets a little of it go, and starts again. */
    private static final class Filler extends Thread {

        @SuppressWarnings("UnusedVariable") // The bytes only take memory.
        private static final class Garbage {
            final byte[] bytes;
            final @Nullable Garbage before;

            Garbage(byte[] bytes, @Nullable Garbage before) {
                this.bytes = bytes;
                this.before = before;
            }
        }

        private @Nullable Garbage retained;
        long errors;

        @Override
        public void run() {
            int size = LARGEST;
            while (!exhausting) {
                LockSupport.parkNanos(1_000_000);
            }
            while (exhausting) {
                try {
                    retained = new Garbage(new byte[size], retained);
                } catch (OutOfMemoryError expected) {
                    errors++;
                    if (size > 16) {
                        size /= 2;
                    } else {
                        size = LARGEST / 4;
                        letGo(50);
                        LockSupport.parkNanos(1_000_000);
                    }
                }
            }
            retained = null;
        }

        private void letGo(int count) {
            for (int i = 0; i < count && retained != null; i++) {
                retained = retained.before;
            }
        }
    }

    /** Executes statements, as well as it can. */
    private static final class Emitter extends Thread {

        final TelemetryClient client;
        private final TelemetrySession session;
        long started;

        Emitter(TelemetryClient client) {
            this.client = client;
            this.session = client.emitter().connectionOpen("s", ConnectionDetails.UNKNOWN, 1);
        }

        long delivered() {
            return client.statistics().metrics().delivered();
        }

        @Override
        public void run() {
            while (emitting) {
                long key =
                        client.emitter().statementStart(session, OperationType.EXECUTE_STATEMENT, StatementType.QUERY);
                if (key != 0) {
                    started++;
                }
                client.emitter().cloudFetchChunk(session, key, 1, 2_000_000, true);
                client.emitter().statementComplete(session, key, 1_000_000, null);
                LockSupport.parkNanos(500_000);
            }
        }
    }
}
