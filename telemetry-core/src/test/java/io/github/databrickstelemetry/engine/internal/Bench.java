package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.breaker.internal.CircuitBreakerRegistry;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.config.ExportLevel;
import io.github.databrickstelemetry.config.ExportSettings;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.ErrorDetails;
import io.github.databrickstelemetry.event.ErrorDetails.ErrorKind;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.event.TelemetryEventEmitter;
import io.github.databrickstelemetry.event.TelemetrySession;
import io.github.databrickstelemetry.export.TelemetryExporter;
import io.github.databrickstelemetry.flag.FlagState;
import io.github.databrickstelemetry.flag.FlagState.FlagStatus;
import io.github.databrickstelemetry.flag.internal.FlagHandle;
import io.github.databrickstelemetry.flag.internal.FlagHandle.BlockedReason;
import io.github.databrickstelemetry.runtime.internal.CountingIds;
import io.github.databrickstelemetry.runtime.internal.EventClock;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.runtime.internal.ManualClock;
import io.github.databrickstelemetry.runtime.internal.TelemetryThreads;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** A worker on the test's own thread: time passes, rounds happen and exports run when the test says so. */
final class Bench implements Executor {

    static final Duration INTERVAL = Duration.ofSeconds(5);

    final ManualClock clock = new ManualClock();
    final Guard guard = new Guard(LoggerFactory.getLogger(Bench.class));
    final Listeners listeners = new Listeners(guard);
    final Deque<Runnable> exports = new ArrayDeque<>();
    final TelemetryWorker worker;
    volatile boolean switchedOff;
    volatile boolean paused;
    boolean outOfThreads;
    private final EventClock eventClock = new EventClock(clock);
    private final CircuitBreakerRegistry breakers = new CircuitBreakerRegistry(clock, new Random(1));
    private final CountingIds ids = new CountingIds();

    Bench(int queueCapacity) {
        worker = new TelemetryWorker(
                queueCapacity, clock, eventClock, () -> Long.MAX_VALUE, new TelemetryThreads("worker"), this, guard);
    }

    /** One client on the bench, and what a test needs to steer it. */
    final class Subject {
        final RecordingExporter exporter = new RecordingExporter();
        final Flag flag = new Flag();
        final ClientPipeline pipeline;
        final TelemetryEventEmitter emitter;
        final TelemetrySession session;
        boolean closed;
        int exporters;

        Subject(TelemetryTarget target, boolean refused, boolean opened) {
            SendGate sendGate = new SendGate(
                    target.host().key(), target.settings().export(), refused, () -> switchedOff, () -> paused);
            pipeline = new ClientPipeline(
                    worker,
                    target,
                    sendGate,
                    breakers.breaker(target.host().key(), target.settings().circuitBreaker()),
                    this::exporter,
                    ids,
                    eventClock,
                    listeners,
                    () -> false,
                    clock.nanoTime() + INTERVAL.toNanos(),
                    guard);
            emitter = new TelemetryEventEmitter(pipeline, eventClock, ids, Bench::describe, guard);
            if (opened) {
                worker.post(() -> pipeline.open(() -> flag));
            }
            worker.step();
            session = emitter.connectionOpen("session", ConnectionDetails.UNKNOWN, 1);
        }

        private RecordingExporter exporter() {
            exporters++;
            return exporter;
        }

        void statement() {
            long key = emitter.statementStart(session, OperationType.EXECUTE_STATEMENT, StatementType.QUERY);
            emitter.statementComplete(session, key, 1_000, null);
        }

        void statements(int count) {
            for (int i = 0; i < count; i++) {
                statement();
            }
        }

        void flush() {
            pipeline.flush();
        }

        void pause(boolean pause) {
            if (pause) {
                pipeline.pause();
            } else {
                pipeline.resume();
            }
        }

        void close(Duration within) {
            pipeline.closeEventGate();
            long deadline = clock.nanoTime() + within.toNanos();
            worker.post(() -> pipeline.beginClose(deadline, () -> closed = true));
            worker.step();
        }

        TelemetryStatistics statistics() {
            pipeline.publish(worker.queue().waiting());
            return pipeline.published();
        }
    }

    /** A flag that says what the test wants. */
    static final class Flag implements FlagHandle {
        @Nullable
        Boolean enabled = true;

        @Nullable
        String error;

        @Nullable
        BlockedReason blocked;

        boolean requestInFlight;
        boolean closed;

        @Override
        public FlagState state() {
            return new FlagState(FlagStatus.VALID, enabled, 0, error);
        }

        @Override
        public @Nullable BlockedReason blockedReason() {
            return blocked;
        }

        @Override
        public boolean isRequestInFlight() {
            return requestInFlight;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    Subject client(String host, ClientSettings settings) {
        return new Subject(Targets.of(host, settings), false, true);
    }

    /** A client whose host may not get requests. */
    Subject refused(String host) {
        return new Subject(Targets.of(host, settings(10, 100)), true, true);
    }

    /** A client that there was no memory to open. */
    Subject unopened(String host) {
        return new Subject(Targets.of(host, settings(10, 100)), false, false);
    }

    AdditionalExporter additional(TelemetryExporter exporter) {
        AdditionalExporter added = new AdditionalExporter(worker, exporter, () -> switchedOff, clock.nanoTime(), guard);
        listeners.add(added);
        worker.post(() -> worker.deliveries().add(added.delivery()));
        return added;
    }

    Subject client(String host) {
        return client(host, settings(10, 100));
    }

    static ClientSettings settings(int batchSize, int maxPending) {
        ClientSettings base = ClientSettings.DEFAULTS;
        return new ClientSettings(
                true,
                batchSize,
                INTERVAL,
                maxPending,
                20,
                3,
                Duration.ofMinutes(1),
                base.errorDetail(),
                base.export(),
                base.circuitBreaker(),
                base.featureFlag());
    }

    static ClientSettings exporting(boolean enabled, ExportLevel level) {
        ClientSettings base = settings(10, 100);
        ExportSettings export = base.export();
        return new ClientSettings(
                true,
                base.batchSize(),
                base.flushInterval(),
                base.maxPending(),
                base.maxInFlightStatements(),
                base.maxErrorsPerStatement(),
                base.statementTtl(),
                base.errorDetail(),
                new ExportSettings(
                        enabled,
                        level,
                        export.retry(),
                        export.http(),
                        export.authenticatedPaths(),
                        export.unauthenticatedPaths(),
                        export.maxRequestSize(),
                        export.gzip()),
                base.circuitBreaker(),
                base.featureFlag());
    }

    /** Failures are terminal if their message says so. */
    static ErrorDetails describe(Throwable failure) {
        ErrorKind kind = "terminal".equals(failure.getMessage()) ? ErrorKind.TERMINAL : ErrorKind.RETRYABLE;
        return new ErrorDetails(kind, failure.getClass().getName(), null, 0, 0, null, null);
    }

    void pass(Duration time) {
        clock.advance(time);
        worker.step();
    }

    /** Runs what was given to the export threads, and whatever follows from it. */
    void runExports() {
        worker.step();
        for (Runnable export = exports.poll(); export != null; export = exports.poll()) {
            export.run();
            worker.step();
        }
    }

    @Override
    public void execute(Runnable task) {
        if (outOfThreads) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        exports.add(task);
    }
}
