package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.aggregate.internal.MetricsAggregator;
import io.github.databrickstelemetry.breaker.internal.CircuitBreaker;
import io.github.databrickstelemetry.client.ClientStatus;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.client.TelemetryStatistics.StatementCounts;
import io.github.databrickstelemetry.event.EventOwner;
import io.github.databrickstelemetry.event.LocalDetails;
import io.github.databrickstelemetry.event.TelemetryEvent;
import io.github.databrickstelemetry.event.TelemetryEventEmitter;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.TelemetryExporter;
import io.github.databrickstelemetry.failure.internal.ThrowableDescriber;
import io.github.databrickstelemetry.flag.internal.FlagHandle;
import io.github.databrickstelemetry.runtime.internal.EventClock;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One client, shared by all that hold a {@link ClientReference}. Its events go through the queue to the worker, where they
 * become metrics, which go to the listeners and to the delivery.
 */
final class ClientPipeline implements TelemetryClient, EventOwner, Delivery.Owner {

    private final TelemetryWorker worker;
    private final TelemetryTarget target;
    private final Listeners listeners;
    private final CircuitBreaker breaker;
    private final MetricsAggregator aggregator;
    private final SendGate gate;
    private final Delivery delivery;
    private final TelemetryEventEmitter emitter;
    private final BooleanSupplier killSwitch;
    private final EventCounter events = new EventCounter();

    /** Counted by the {@link ClientRegistry}. */
    int references;

    private volatile boolean eventGateClosed;
    private volatile TelemetryStatistics published;

    // The worker's own.
    private boolean evictionScheduled;

    /** Set when the client begins to close. */
    private @Nullable Runnable whenClosed;

    ClientPipeline(
            TelemetryWorker worker,
            TelemetryTarget target,
            SendGate gate,
            CircuitBreaker breaker,
            Supplier<TelemetryExporter> exporters,
            Supplier<String> ids,
            EventClock clock,
            Listeners listeners,
            BooleanSupplier killSwitch,
            long firstFlushNanos,
            Guard guard) {
        this.worker = worker;
        this.target = target;
        this.listeners = listeners;
        this.killSwitch = killSwitch;
        this.breaker = breaker;
        this.aggregator = new MetricsAggregator(target.settings(), ids, guard, this::finished);
        this.gate = gate;
        this.delivery = new Delivery(worker, host(), target.settings(), gate, exporters, this, firstFlushNanos, guard);
        ThrowableDescriber describer = new ThrowableDescriber(target.settings().errorDetail());
        this.emitter = new TelemetryEventEmitter(this, clock, ids, describer::describe, guard);
        // The worker does not know the pipeline yet, so this thread may read it.
        this.published = snapshot(Map.of());
    }

    // For any thread.

    TelemetryTarget target() {
        return target;
    }

    @Override
    public String host() {
        return target.host().key();
    }

    @Override
    public TelemetryEventEmitter emitter() {
        return emitter;
    }

    @Override
    public TelemetryStatistics statistics() {
        worker.runAndWait(() -> publish(worker.queue().waiting()));
        return published;
    }

    /** The statistics that were published last. */
    TelemetryStatistics published() {
        return published;
    }

    @Override
    public void flush() {
        worker.post(delivery::flush);
    }

    @Override
    public void pause() {
        pause(true);
    }

    @Override
    public void resume() {
        pause(false);
    }

    private void pause(boolean pause) {
        worker.post(() -> {
            gate.pause(pause);
            worker.deliveries().settleSoon(delivery);
        });
    }

    /** Until the client closes, unless the kill switch is on. */
    @Override
    public boolean takesEvents() {
        return !eventGateClosed && !killSwitch.getAsBoolean();
    }

    /** Takes no more events from now on. */
    void closeEventGate() {
        eventGateClosed = true;
    }

    /** The event is then either in the queue or counted as refused, whatever fails. */
    @Override
    public void offer(TelemetryEvent event) {
        boolean queued = false;
        try {
            queued = worker.queue().offer(event);
        } finally {
            if (!queued) {
                events.refused(event.type());
            }
        }
    }

    @Override
    public String toString() {
        return "TelemetryClient[" + host() + "]";
    }

    // On the worker.

    /** Joins the worker. */
    void open(Supplier<FlagHandle> flag) {
        gate.follow(flag);
        worker.deliveries().add(delivery);
        listeners.opened(this);
    }

    /** The state of the flag may have changed. */
    void flagChanged() {
        worker.deliveries().settleSoon(delivery);
    }

    @Override
    public void accept(TelemetryEvent event) {
        events.taken(event.type());
        if (whenClosed == null) {
            aggregator.accept(event, worker.now());
            if (!evictionScheduled) {
                scheduleEviction();
            }
        } else {
            events.closed();
        }
    }

    private void finished(TelemetryMetric metric, @Nullable LocalDetails local) {
        try {
            listeners.metric(host(), metric, local);
        } finally {
            delivery.accept(metric);
        }
    }

    @Override
    public void settle() {
        aggregator.evictExpired(worker.now());
        scheduleEviction();
    }

    private void scheduleEviction() {
        evictionScheduled = aggregator.inFlight() > 0;
        if (evictionScheduled) {
            worker.deliveries().settleWithin(delivery, aggregator.nanosUntilEviction(worker.now()));
        }
    }

    @Override
    public void exported(ExportResult result, long durationNanos) {
        listeners.exported(host(), result, durationNanos);
    }

    /** Whether nothing is left to send, or nothing can be sent now. */
    boolean isDone() {
        return delivery.isDone();
    }

    /**
     * Reports the statements in flight, sends what it can, and closes at the given time at the latest. If it fails, for want
     * of memory, a further call does what is left.
     *
     * @param onClosed runs at the end
     */
    void beginClose(long deadlineNanos, Runnable onClosed) {
        whenClosed = onClosed;
        delivery.beginClose(deadlineNanos);
        aggregator.completeAll();
    }

    @Override
    public void closed() {
        if (whenClosed != null) {
            whenClosed.run();
        }
    }

    /**
     * On the worker, or instead of it if there is none.
     *
     * @param waiting the events in the queue
     */
    void publish(Map<EventOwner, long[]> waiting) {
        published = snapshot(waiting);
    }

    /** An event is emitted if it was taken, waits, or was refused, so the sum holds by itself. */
    private TelemetryStatistics snapshot(Map<EventOwner, long[]> waiting) {
        return new TelemetryStatistics(
                host(),
                target.credentials().identity(),
                eventGateClosed ? ClientStatus.CLOSED : gate.status(),
                events.counts(waiting.get(this), aggregator.aggregated()),
                delivery.outbox().counts(),
                new StatementCounts(aggregator.inFlight(), aggregator.evicted()),
                delivery.outbox().lastExport(),
                breaker.status(),
                gate.flag());
    }
}
