package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.breaker.internal.CircuitBreaker;
import io.github.databrickstelemetry.breaker.internal.CircuitBreakerRegistry;
import io.github.databrickstelemetry.client.ExporterStatistics;
import io.github.databrickstelemetry.client.HostTotals;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.client.TelemetryListener;
import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.config.EngineSettings;
import io.github.databrickstelemetry.config.ExportLevel;
import io.github.databrickstelemetry.config.ExportSettings;
import io.github.databrickstelemetry.event.EventOwner;
import io.github.databrickstelemetry.event.RefusedEvents;
import io.github.databrickstelemetry.event.TelemetryEventEmitter;
import io.github.databrickstelemetry.export.TelemetryExporter;
import io.github.databrickstelemetry.export.internal.TelemetryExporterFactory;
import io.github.databrickstelemetry.failure.internal.ThrowableDescriber;
import io.github.databrickstelemetry.flag.internal.FeatureFlagCache;
import io.github.databrickstelemetry.flag.internal.FlagHandle;
import io.github.databrickstelemetry.runtime.internal.EventClock;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.runtime.internal.IdSource;
import io.github.databrickstelemetry.runtime.internal.RandomIds;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import io.github.databrickstelemetry.runtime.internal.TelemetryThreads;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.WorkspaceHost;
import io.github.databrickstelemetry.workspace.internal.HostValidator;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine of one application: one queue and one worker for all clients. Thread-safe.
 *
 * <p>It makes its queue, its worker, the breakers and the flag cache with the first client, and starts its thread then.
 * There is no thread after {@link #close()}. The settings of a client are those of the target that was first acquired for
 * its host and principal.
 */
public final class TelemetryEngine implements TelemetryClientProvider {

    private static final Logger logger = LoggerFactory.getLogger(TelemetryEngine.class);

    /** While telemetry is switched off, no flag is requested, and the switch is read again after this time. */
    private static final long SWITCHED_OFF_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** Two principals on one host are two clients. The credentials themselves rotate and are no part of the key. */
    private record Key(WorkspaceHost host, String principal) {
        static Key of(TelemetryTarget target) {
            return new Key(target.host(), target.credentials().identity());
        }
    }

    private static final class Held {
        final EngineClient client;
        int references;

        Held(EngineClient client) {
            this.client = client;
        }
    }

    /** What all clients share. */
    private record Shared(
            TelemetryWorker worker,
            ExportThreads exportThreads,
            EventClock eventClock,
            IdSource ids,
            CircuitBreakerRegistry breakers,
            @Nullable FeatureFlagCache flags) {}

    private final EngineSettings settings;
    private final TelemetryClock clock;
    private final RandomGenerator random;
    private final TelemetryExporterFactory exporters;
    private final @Nullable Supplier<FeatureFlagCache> flags;
    private final BooleanSupplier killSwitch;
    private final BooleanSupplier exportPaused;
    private final Guard guard;
    private final ThreadFactory workerThreads;
    private final Listeners listeners;
    private final AdditionalExporters additional;

    private final Object lock = new Object();
    private final Map<Key, Held> held = new HashMap<>();
    private volatile @Nullable Shared shared;
    private boolean suspended;
    private boolean closed;

    /** Additional exporters that were added before the first client. */
    private final List<TelemetryExporter> waitingExporters = new ArrayList<>();

    /** All clients that have not closed, those that are closing included. */
    private final Set<EngineClient> live = ConcurrentHashMap.newKeySet();

    private final TotalsByHost totals = new TotalsByHost();

    /**
     * Makes an engine without a thread.
     *
     * @param random spreads flushes, retries and flag requests; must be thread-safe, as {@link java.util.Random} is
     * @param exporters makes the exporter of each client, on an export thread, with its first batch
     * @param flags makes the flag cache, with the first client; null if every flag counts as on
     * @param killSwitch whether telemetry is switched off altogether; read for every event
     * @param exportPaused whether nothing is sent at present; events are still taken
     * @param guard takes all failures of telemetry in this application
     */
    public TelemetryEngine(
            EngineSettings settings,
            TelemetryClock clock,
            RandomGenerator random,
            TelemetryExporterFactory exporters,
            @Nullable Supplier<FeatureFlagCache> flags,
            BooleanSupplier killSwitch,
            BooleanSupplier exportPaused,
            Guard guard) {
        this(
                settings,
                clock,
                random,
                exporters,
                flags,
                killSwitch,
                exportPaused,
                guard,
                new TelemetryThreads("worker", guard));
    }

    TelemetryEngine(
            EngineSettings settings,
            TelemetryClock clock,
            RandomGenerator random,
            TelemetryExporterFactory exporters,
            @Nullable Supplier<FeatureFlagCache> flags,
            BooleanSupplier killSwitch,
            BooleanSupplier exportPaused,
            Guard guard,
            ThreadFactory workerThreads) {
        this.settings = settings;
        this.clock = clock;
        this.random = random;
        this.exporters = exporters;
        this.flags = flags;
        this.killSwitch = killSwitch;
        this.exportPaused = exportPaused;
        this.guard = guard;
        this.workerThreads = workerThreads;
        this.listeners = new Listeners(guard);
        this.additional = new AdditionalExporters(guard);
    }

    // Assembly.

    private Shared assemble() {
        EventClock eventClock = new EventClock(clock);
        ExportThreads exportThreads = new ExportThreads(guard);
        TelemetryWorker worker = new TelemetryWorker(settings.queueCapacity(), clock, eventClock, exportThreads, guard);
        FeatureFlagCache cache = flags == null ? null : flags.get();
        if (cache != null) {
            worker.pollFlags(() -> killSwitch.getAsBoolean() ? SWITCHED_OFF_NANOS : cache.poll(worker::request));
        }
        return new Shared(
                worker, exportThreads, eventClock, new RandomIds(), new CircuitBreakerRegistry(clock, random), cache);
    }

    private EngineClient assembleClient(Shared with, TelemetryTarget target) {
        ClientSettings client = target.settings();
        String host = target.host().key();
        CircuitBreaker breaker = with.breakers.breaker(host, client.circuitBreaker());
        RefusedEvents refused = new RefusedEvents();
        EventGate eventGate = new EventGate(killSwitch);
        SendGate sendGate = new SendGate(
                host,
                !client.export().enabled() || client.export().level() == ExportLevel.OFF,
                isRefused(target),
                killSwitch,
                exportPaused,
                client.export().retry().retryAfterMax().toMillis());
        ClientPipeline pipeline = new ClientPipeline(
                with.worker,
                target,
                refused,
                sendGate,
                breaker,
                new ExporterSlot(() -> exporters.create(target, breaker)),
                with.ids,
                listeners,
                additional,
                clock.nanoTime() + random.nextLong(client.flushInterval().toNanos()),
                guard);
        TelemetryEventEmitter emitter = new TelemetryEventEmitter(
                pipeline,
                with.worker.queue(),
                refused,
                with.eventClock,
                with.ids,
                new ThrowableDescriber(client.errorDetail()),
                eventGate,
                guard);
        return new EngineClient(with.worker, target, eventGate, pipeline, emitter, guard);
    }

    /** Finds what can be said of a host without a name lookup. The rest shows at the first export. */
    private static boolean isRefused(TelemetryTarget target) {
        ExportSettings export = target.settings().export();
        return new HostValidator()
                        .check(
                                target.host(),
                                export.http().allowPrivateHosts(),
                                export.http().allowHttp())
                != null;
    }

    // References.

    @Override
    public TelemetryClient acquire(TelemetryTarget target) {
        EngineClient client = acquireClient(target);
        return client == null
                ? new ClientReference(target.host().key(), () -> null, guard)
                : new ClientReference(client, guard);
    }

    @Override
    public TelemetryClient acquireLazily(String host, Supplier<@Nullable TelemetryTarget> target) {
        return new ClientReference(
                host,
                () -> {
                    TelemetryTarget found = target.get();
                    return found == null ? null : acquireClient(found);
                },
                guard);
    }

    /** Counts a reference to the client of the target; null after the engine has closed. */
    private @Nullable EngineClient acquireClient(TelemetryTarget target) {
        synchronized (lock) {
            if (closed) {
                return null;
            }
            Shared with = shared;
            if (with == null) {
                with = assemble();
                shared = with;
                TelemetryWorker worker = with.worker;
                waitingExporters.forEach(exporter -> open(worker, exporter));
                waitingExporters.clear();
            }
            Held holder = held.get(Key.of(target));
            if (holder == null) {
                holder = new Held(assembleClient(with, target));
                open(with, holder.client);
                held.put(Key.of(target), holder);
            }
            holder.references++;
            startWorker(with.worker);
            return holder.client;
        }
    }

    private void open(Shared with, EngineClient client) {
        live.add(client);
        with.worker.post(() -> {
            client.pipeline().open(() -> flag(with, client));
            listeners.opened(client.view());
        });
    }

    private static FlagHandle flag(Shared with, EngineClient client) {
        FeatureFlagCache cache = with.flags;
        with.worker.flagsChanged();
        return cache == null
                ? FlagHandle.on()
                : cache.acquire(
                        client.target(),
                        () -> with.worker.post(() -> {
                            with.worker.flagsChanged();
                            with.worker.participants().attend(client.pipeline());
                        }));
    }

    /** A machine may be out of threads. Then clients wait, and the next one that is acquired tries again. */
    private void startWorker(TelemetryWorker worker) {
        if (!suspended && !worker.isAlive()) {
            guard.run("starting the worker", () -> worker.start(workerThreads));
        }
    }

    @Override
    public void release(TelemetryClient client) {
        EngineClient last = null;
        synchronized (lock) {
            EngineClient ours = client instanceof ClientReference reference ? reference.release() : null;
            if (ours != null) {
                Key key = Key.of(ours.target());
                Held holder = held.get(key);
                if (holder != null && holder.client == ours && --holder.references == 0) {
                    held.remove(key);
                    last = ours;
                }
            }
        }
        Shared with = shared;
        if (last != null && with != null) {
            EngineClient closing = last;
            closing.closeGate();
            long deadline = clock.nanoTime() + settings.closeTimeout().toNanos();
            with.worker.post(() -> beginClose(closing, with.worker, deadline));
        }
    }

    // Reading.

    @Override
    public List<TelemetryClient> clients() {
        return live.stream().map(EngineClient::view).toList();
    }

    @Override
    public List<HostTotals> totals() {
        Shared with = shared;
        if (with != null) {
            with.worker.runAndWait(() -> publish(live, with.worker));
        }
        synchronized (totals) {
            return totals.with(live.stream().map(EngineClient::published).toList());
        }
    }

    @Override
    public long swallowed() {
        return guard.count();
    }

    /**
     * Lets metrics wait for listeners that are added later, until {@link #listenersAdded()}; the first thousand of them.
     * Called before the first client is acquired.
     */
    public void expectListeners() {
        listeners.expectMore();
    }

    /** All listeners have been added: they get what has finished so far. Does nothing when called again. */
    public void listenersAdded() {
        synchronized (lock) {
            if (shared == null) {
                listeners.complete();
            } else {
                shared.worker.post(listeners::complete);
            }
        }
    }

    @Override
    public void addListener(TelemetryListener listener) {
        listeners.add(listener);
    }

    @Override
    public void addExporter(TelemetryExporter exporter) {
        synchronized (lock) {
            if (shared == null) {
                waitingExporters.add(exporter);
            } else {
                open(shared.worker, exporter);
            }
        }
    }

    private void open(TelemetryWorker worker, TelemetryExporter exporter) {
        AdditionalExporter opened = new AdditionalExporter(worker, exporter, killSwitch, clock.nanoTime(), guard);
        // At once, because a message is handled after the events that were emitted before it.
        additional.add(opened);
        worker.post(() -> worker.participants().add(opened));
    }

    @Override
    public List<ExporterStatistics> exporters() {
        Shared with = shared;
        if (with != null) {
            with.worker.runAndWait(additional::publish);
        }
        return additional.published();
    }

    // Stop and start of the application.

    /**
     * Sends what is pending, within the close timeout, and ends all threads and requests. Clients stay as they are; events
     * wait in the queue until {@link #resume()}.
     */
    public void suspend() {
        Shared with;
        synchronized (lock) {
            if (closed || suspended) {
                return;
            }
            suspended = true;
            with = shared;
        }
        if (with != null && with.worker.isAlive() && !with.worker.isWorkerThread()) {
            guard.run("suspending", () -> suspend(with));
        }
    }

    private void suspend(Shared with) throws InterruptedException {
        long timeout = settings.closeTimeout().toNanos();
        long start = clock.nanoTime();
        with.worker.post(() -> live.forEach(client -> client.pipeline().flush()));
        while (!isDone(with.worker) && clock.nanoTime() - start < timeout) {
            LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(5));
        }
        with.worker.runAndWait(() -> with.worker.scheduler().abortAll(with.worker.now()));
        if (!with.worker.suspend(Math.max(100, TimeUnit.NANOSECONDS.toMillis(timeout)))) {
            with.worker.interrupt();
        }
        with.exportThreads.keepIdle(false);
    }

    private boolean isDone(TelemetryWorker worker) {
        AtomicBoolean done = new AtomicBoolean();
        worker.runAndWait(() ->
                done.set(live.stream().allMatch(client -> client.pipeline().isDone())));
        return done.get();
    }

    /** Starts again after {@link #suspend()}. */
    public void resume() {
        synchronized (lock) {
            if (!suspended) {
                return;
            }
            suspended = false;
            Shared with = shared;
            if (with != null && !closed) {
                with.exportThreads.keepIdle(true);
                startWorker(with.worker);
            }
        }
    }

    // The end.

    @Override
    public void close() {
        resume();
        TelemetryWorker worker;
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            held.clear();
            worker = shared == null ? null : shared.worker;
        }
        if (worker == null) {
            return;
        }
        live.forEach(EngineClient::closeGate);
        if (!worker.isAlive()) {
            live.forEach(client -> retire(client, worker));
        } else {
            guard.run("close", () -> closeAll(worker));
        }
    }

    private void closeAll(TelemetryWorker worker) throws InterruptedException {
        long timeout = settings.closeTimeout().toNanos();
        // The worker gives up a little earlier than this thread, so that its last counters are complete.
        long margin = Math.min(timeout / 8, TimeUnit.MILLISECONDS.toNanos(100));
        long deadline = clock.nanoTime() + timeout - margin;
        List<EngineClient> closing = List.copyOf(live);
        CountDownLatch done = new CountDownLatch(1);
        worker.post(() -> {
            for (EngineClient client : closing) {
                beginClose(client, worker, deadline);
            }
            worker.stopWhenEmpty(() -> additional.beginClose(deadline), () -> {
                publish(closing, worker);
                additional.publish();
                done.countDown();
            });
        });
        if (worker.isWorkerThread()) {
            return;
        }
        try {
            if (!done.await(timeout, TimeUnit.NANOSECONDS)) {
                logger.debug("Telemetry did not close in time");
                worker.interrupt();
            }
        } catch (InterruptedException interrupted) {
            worker.interrupt();
            throw interrupted;
        }
    }

    private void beginClose(EngineClient client, TelemetryWorker worker, long deadlineNanos) {
        client.pipeline().beginClose(deadlineNanos, () -> retire(client, worker));
    }

    private static void publish(Collection<EngineClient> clients, TelemetryWorker worker) {
        Map<EventOwner, long[]> waiting = worker.queue().waiting();
        clients.forEach(client -> client.publish(waiting));
    }

    private void retire(EngineClient client, TelemetryWorker worker) {
        publish(List.of(client), worker);
        synchronized (totals) {
            if (live.remove(client)) {
                totals.retire(client.published());
            }
        }
    }
}
