package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.benchmarks.fleet.FleetChannel;
import io.github.databrickstelemetry.benchmarks.fleet.FleetServer;
import io.github.databrickstelemetry.breaker.internal.CircuitBreaker;
import io.github.databrickstelemetry.breaker.internal.CircuitBreakerRegistry;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.event.TelemetryEventEmitter;
import io.github.databrickstelemetry.event.TelemetrySession;
import io.github.databrickstelemetry.export.internal.FleetExporter;
import io.github.databrickstelemetry.flag.internal.FeatureFlagCache;
import io.github.databrickstelemetry.runtime.internal.EventClock;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.runtime.internal.RandomIds;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import io.github.databrickstelemetry.runtime.internal.TelemetryThreads;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.Executor;
import org.slf4j.LoggerFactory;

/**
 * One application of the fleet: the engine's real worker, client, schedule, gate, breaker, retry and flag cache, on one
 * thread and a clock of its own. It runs a statement every five seconds. In this package for the engine's constructors.
 */
public final class FleetApplication implements Executor, TelemetryClock {

    private static final Guard GUARD = new Guard(LoggerFactory.getLogger(FleetApplication.class));
    private static final long STATEMENT_NANOS = Duration.ofSeconds(5).toNanos();

    private final FleetServer server;
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final TelemetryWorker worker;
    private final FeatureFlagCache flags;
    private final TelemetryEventEmitter emitter;
    private final TelemetrySession session;
    private final CircuitBreaker breaker;
    private long nanos;
    private long recoveredAtNanos = -1;

    /** @param startNanos the time at which the application opens its first connection */
    public FleetApplication(FleetServer server, TelemetryTarget target, long startNanos, Random random) {
        this.server = server;
        this.nanos = startNanos;
        EventClock eventClock = new EventClock(this);
        worker =
                new TelemetryWorker(64, this, eventClock, this::pollFlags, new TelemetryThreads("worker"), this, GUARD);
        flags = new FeatureFlagCache(() -> new FleetChannel(server, this), this, random, null, GUARD);
        breaker = new CircuitBreakerRegistry(this, random)
                .breaker(target.host().key(), target.settings().circuitBreaker());
        SendGate gate = new SendGate(target.host().key(), target.settings().export(), false, () -> false, () -> false);
        ClientPipeline pipeline = new ClientPipeline(
                worker,
                target,
                gate,
                breaker,
                () -> new FleetExporter(server, target, breaker, this, random, this::sleep, this::delivered),
                new RandomIds(),
                eventClock,
                new Listeners(GUARD),
                () -> false,
                startNanos + random.nextLong(target.settings().flushInterval().toNanos()),
                GUARD);
        emitter = pipeline.emitter();
        worker.post(() -> pipeline.open(() -> flags.acquire(target, () -> {
            worker.flagsChanged();
            pipeline.flagChanged();
        })));
        worker.step();
        worker.flagsChanged();
        session = emitter.connectionOpen("session", ConnectionDetails.UNKNOWN, 1);
    }

    private long pollFlags() {
        return flags.poll(worker.scheduler()::request);
    }

    private void sleep(long millis) {
        nanos += millis * 1_000_000;
    }

    /** Lives until this time. */
    public void run(long untilNanos) {
        long statementAt = nanos;
        while (nanos < untilNanos) {
            if (nanos >= statementAt) {
                statementAt += STATEMENT_NANOS;
                long key = emitter.statementStart(session, OperationType.EXECUTE_STATEMENT, StatementType.QUERY);
                emitter.statementComplete(session, key, 1_000, null);
            }
            worker.step();
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
                worker.step();
            }
            nanos += Math.max(1_000_000, Math.min(worker.nanosUntilDue(nanos), statementAt - nanos));
        }
    }

    private void delivered() {
        if (recoveredAtNanos < 0 && server.hasRecovered(nanos)) {
            recoveredAtNanos = nanos;
        }
    }

    /** The time of the first delivery after the fault, or -1. */
    public long recoveredAtNanos() {
        return recoveredAtNanos;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public long epochMillis() {
        return 1_800_000_000_000L + nanos / 1_000_000;
    }
}
