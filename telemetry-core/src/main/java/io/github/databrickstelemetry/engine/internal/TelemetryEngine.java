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
import io.github.databrickstelemetry.event.EventOwner;
import io.github.databrickstelemetry.export.TelemetryExporter;
import io.github.databrickstelemetry.export.internal.TelemetryExporterFactory;
import io.github.databrickstelemetry.flag.internal.FeatureFlagCache;
import io.github.databrickstelemetry.flag.internal.FlagHandle;
import io.github.databrickstelemetry.runtime.internal.EventClock;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.runtime.internal.RandomIds;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.internal.HostValidator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.function.SingletonSupplier;

/**
 * The engine of one application: one queue and one worker for all clients. Thread-safe.
 *
 * <p>The constructor shows all parts. The worker's thread starts with the first client and ends with
 * {@link #close()}. The settings of a client are those of the target that was first acquired for its host and principal.
 */
public final class TelemetryEngine implements TelemetryClientProvider {

    private static final Logger logger = LoggerFactory.getLogger(TelemetryEngine.class);

    /** While telemetry is switched off, no flag is requested, and the switch is read again after this time. */
    private static final long SWITCHED_OFF_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final long closeNanos;
    private final TelemetryClock clock;
    private final Random random = new Random();
    private final TelemetryExporterFactory exporters;
    private final @Nullable SingletonSupplier<FeatureFlagCache> flags;
    private final BooleanSupplier killSwitch;
    private final BooleanSupplier exportPaused;
    private final Guard guard;

    private final EventClock eventClock;
    private final Supplier<String> ids = new RandomIds();
    private final SingletonSupplier<CircuitBreakerRegistry> breakers;
    private final Listeners listeners;
    private final List<AdditionalExporter> additional = new CopyOnWriteArrayList<>();
    private final ThreadPoolExecutor exportThreads;
    private final TelemetryWorker worker;
    private final ClientRegistry registry = new ClientRegistry();

    /**
     * Makes an engine without a thread.
     *
     * @param exporters makes the exporter of each batch, on an export thread
     * @param flags makes the flag cache, with the first client; null if every flag counts as on
     * @param killSwitch whether telemetry is switched off altogether; read for every event
     * @param exportPaused whether nothing is sent at present; events are still taken
     * @param workerThreads makes the worker's thread
     * @param guard takes all failures of telemetry in this application
     */
    public TelemetryEngine(
            EngineSettings settings,
            TelemetryClock clock,
            TelemetryExporterFactory exporters,
            @Nullable Supplier<FeatureFlagCache> flags,
            BooleanSupplier killSwitch,
            BooleanSupplier exportPaused,
            ThreadFactory workerThreads,
            Guard guard) {
        this.closeNanos = settings.closeTimeout().toNanos();
        this.clock = clock;
        this.exporters = exporters;
        this.flags = flags == null ? null : SingletonSupplier.of(flags);
        this.killSwitch = killSwitch;
        this.exportPaused = exportPaused;
        this.guard = guard;
        this.eventClock = new EventClock(clock);
        this.breakers = SingletonSupplier.of(() -> new CircuitBreakerRegistry(clock, random));
        this.listeners = new Listeners(guard);
        this.exportThreads = ExportScheduler.threads(guard);
        this.worker = new TelemetryWorker(
                settings.queueCapacity(), clock, eventClock, this::pollFlags, workerThreads, exportThreads, guard);
    }

    private long pollFlags() {
        if (flags == null) {
            return Long.MAX_VALUE;
        }
        return killSwitch.getAsBoolean() ? SWITCHED_OFF_NANOS : flags.obtain().poll(worker.scheduler()::request);
    }

    private ClientPipeline assembleClient(TelemetryTarget target) {
        ClientSettings client = target.settings();
        String host = target.host().key();
        CircuitBreaker breaker = breakers.obtain().breaker(host, client.circuitBreaker());
        // Only the written host name is checked here. Each request checks the addresses that it resolves to.
        SendGate gate = new SendGate(host, client.export(), HostValidator.isRefused(target), killSwitch, exportPaused);
        return new ClientPipeline(
                worker,
                target,
                gate,
                breaker,
                () -> exporters.create(target, breaker),
                ids,
                eventClock,
                listeners,
                killSwitch,
                clock.nanoTime() + random.nextLong(client.flushInterval().toNanos()),
                guard);
    }

    // References.

    @Override
    public TelemetryClient acquire(TelemetryTarget target) {
        ClientPipeline client = acquireClient(target);
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

    private @Nullable ClientPipeline acquireClient(TelemetryTarget target) {
        ClientPipeline client =
                registry.acquire(target, this::assembleClient, made -> worker.post(() -> made.open(() -> flag(made))));
        if (client != null) {
            worker.thread().start();
        }
        return client;
    }

    private FlagHandle flag(ClientPipeline client) {
        if (flags == null) {
            return FlagHandle.fixed(true);
        }
        worker.flagsChanged();
        return flags.obtain().acquire(client.target(), () -> {
            worker.flagsChanged();
            client.flagChanged();
        });
    }

    @Override
    public void release(TelemetryClient client) {
        ClientPipeline released = client instanceof ClientReference reference ? reference.release() : null;
        if (released != null && registry.release(released)) {
            released.closeEventGate();
            long deadline = clock.nanoTime() + closeNanos;
            worker.post(() -> beginClose(released, deadline));
        }
    }

    // Reading.

    @Override
    public List<TelemetryClient> clients() {
        return List.copyOf(registry.live());
    }

    @Override
    public List<HostTotals> totals() {
        worker.runAndWait(() -> publish(registry.live()));
        return registry.totals();
    }

    @Override
    public long swallowed() {
        return guard.count();
    }

    /**
     * Lets metrics wait for listeners that are added later, until {@link #listenersAdded()}; the first thousand of them.
     * If there are more, this counts as one failure, and the log says how many. Called before the first client is acquired.
     */
    public void expectListeners() {
        listeners.expectMore();
    }

    /** All listeners have been added: they get what has finished so far. Does nothing when called again. */
    public void listenersAdded() {
        worker.post(listeners::complete);
    }

    @Override
    public void addListener(TelemetryListener listener) {
        listeners.add(listener);
    }

    @Override
    public void addExporter(TelemetryExporter exporter) {
        AdditionalExporter opened = new AdditionalExporter(worker, exporter, killSwitch, clock.nanoTime(), guard);
        // At once, because a message is handled after the events that were emitted before it.
        listeners.add(opened);
        additional.add(opened);
        worker.post(() -> worker.deliveries().add(opened.delivery()));
    }

    @Override
    public List<ExporterStatistics> exporters() {
        worker.runAndWait(() -> additional.forEach(AdditionalExporter::publish));
        return additional.stream().map(AdditionalExporter::published).toList();
    }

    // Stop and start of the application.

    /**
     * Sends what is pending, within the close timeout, and ends all threads and requests. Clients stay as they are; events
     * wait in the queue until {@link #resume()}.
     */
    public void suspend() {
        if (!registry.isClosed()) {
            guard.run("suspending", () -> {
                if (worker.thread().isAlive() && !worker.thread().isCurrent()) {
                    sendPending();
                }
                worker.thread().suspend(Math.max(100, TimeUnit.NANOSECONDS.toMillis(closeNanos)));
                exportThreads.setKeepAliveTime(1, TimeUnit.NANOSECONDS);
            });
        }
    }

    private void sendPending() {
        List<ClientPipeline> clients = registry.live();
        long start = clock.nanoTime();
        clients.forEach(ClientPipeline::flush);
        while (!isDone(clients) && clock.nanoTime() - start < closeNanos) {
            LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(5));
        }
        worker.runAndWait(worker.scheduler()::abortAll);
    }

    private boolean isDone(List<ClientPipeline> clients) {
        AtomicBoolean done = new AtomicBoolean();
        worker.runAndWait(() -> done.set(clients.stream().allMatch(ClientPipeline::isDone)));
        return done.get();
    }

    /** Starts again after {@link #suspend()}. */
    public void resume() {
        exportThreads.setKeepAliveTime(ExportScheduler.KEEP_ALIVE_NANOS, TimeUnit.NANOSECONDS);
        worker.thread().resume();
    }

    @Override
    public void close() {
        if (registry.close()) {
            try {
                closeOnce();
            } catch (InterruptedException interrupted) {
                guard.swallowed("close", interrupted);
            } catch (Throwable outOfMemory) {
                // The worker may not have the message. It ends after its present round, and what waits is lost.
                worker.thread().stop();
                guard.swallowed("close", outOfMemory);
            }
        }
    }

    private void closeOnce() throws InterruptedException {
        resume();
        registry.live().forEach(ClientPipeline::closeEventGate);
        if (worker.thread().isAlive()) {
            closeOnWorker();
        } else {
            worker.thread().stop();
            registry.live().forEach(this::retire);
        }
    }

    private void closeOnWorker() throws InterruptedException {
        // The worker gives up a little earlier than this thread, so that its last counters are complete.
        long margin = Math.min(closeNanos / 8, TimeUnit.MILLISECONDS.toNanos(100));
        long deadline = clock.nanoTime() + closeNanos - margin;
        List<ClientPipeline> clients = registry.live();
        Runnable last = () -> {
            exportThreads.shutdown();
            publish(clients);
            additional.forEach(AdditionalExporter::publish);
        };
        worker.post(() -> worker.stopWhen(() -> haveClosed(deadline), last, deadline));
        if (!worker.thread().isCurrent() && !worker.thread().awaitStop(closeNanos)) {
            logger.debug("Telemetry did not close in time");
        }
    }

    /** Closes the clients, and after them the additional exporters, which get their last metrics. On the worker. */
    private boolean haveClosed(long deadlineNanos) {
        List<ClientPipeline> clients = registry.live();
        if (!clients.isEmpty()) {
            // In each round: one whose beginning has failed, for want of memory, begins again.
            clients.forEach(client -> beginClose(client, deadlineNanos));
            return false;
        }
        additional.forEach(exporter -> exporter.delivery().beginClose(deadlineNanos));
        return worker.deliveries().isEmpty();
    }

    private void beginClose(ClientPipeline client, long deadlineNanos) {
        client.beginClose(deadlineNanos, () -> retire(client));
    }

    private void retire(ClientPipeline client) {
        publish(List.of(client));
        registry.retire(client);
    }

    private void publish(List<ClientPipeline> clients) {
        Map<EventOwner, long[]> waiting = worker.queue().waiting();
        clients.forEach(client -> client.publish(waiting));
    }
}
