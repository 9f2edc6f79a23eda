package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.aggregate.internal.MetricsAggregator;
import io.github.databrickstelemetry.breaker.internal.CircuitBreaker;
import io.github.databrickstelemetry.client.ClientStatus;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.client.TelemetryStatistics.StatementCounts;
import io.github.databrickstelemetry.event.EventOwner;
import io.github.databrickstelemetry.event.LocalDetails;
import io.github.databrickstelemetry.event.TelemetryEvent;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.flag.internal.FlagHandle;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One client behind the queue: its events become metrics, which go to the listeners and to the delivery. Belongs to the
 * worker, except where a method says otherwise.
 */
final class ClientPipeline implements EventOwner, Delivery.Owner {

    private final TelemetryWorker worker;
    private final String host;
    private final String principal;
    private final Listeners listeners;
    private final List<AdditionalExporter> additional;
    private final CircuitBreaker breaker;
    private final MetricsAggregator aggregator;
    private final SendGate gate;
    private final Delivery delivery;

    private final BooleanSupplier killSwitch;
    private final Guard guard;
    private final EventCounter events = new EventCounter();
    private volatile boolean gateClosed;

    private long closedEvents;

    /** Set when the client begins to close. */
    private @Nullable Runnable onClosed;

    ClientPipeline(
            TelemetryWorker worker,
            TelemetryTarget target,
            SendGate gate,
            CircuitBreaker breaker,
            ExporterSlot exporter,
            Supplier<String> ids,
            Listeners listeners,
            List<AdditionalExporter> additional,
            BooleanSupplier killSwitch,
            long firstFlushNanos,
            Guard guard) {
        this.worker = worker;
        this.host = target.host().key();
        this.principal = target.credentials().identity();
        this.listeners = listeners;
        this.additional = additional;
        this.killSwitch = killSwitch;
        this.guard = guard;
        this.breaker = breaker;
        this.aggregator = new MetricsAggregator(target.settings(), ids, guard, this::finished);
        this.gate = gate;
        this.delivery = new Delivery(worker, host, target.settings(), gate, exporter, this, firstFlushNanos, guard);
    }

    /** Until the client closes, unless the kill switch is on. */
    @Override
    public boolean takesEvents() {
        return !gateClosed && !killSwitch.getAsBoolean();
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

    /** Takes no more events from now on. For any thread. */
    void closeGate() {
        gateClosed = true;
    }

    /** Joins the worker. */
    void open(Supplier<FlagHandle> flag) {
        gate.follow(flag);
        worker.deliveries().add(delivery);
    }

    /** The state of the flag may have changed. */
    void flagChanged() {
        worker.deliveries().settleSoon(delivery);
    }

    @Override
    public void accept(TelemetryEvent event) {
        events.taken(event.type());
        if (onClosed != null) {
            closedEvents++;
            return;
        }
        aggregator.accept(event, worker.now());
    }

    private void finished(TelemetryMetric metric, @Nullable LocalDetails local) {
        try {
            listeners.metric(host, metric, local);
            additional.forEach(exporter -> guard.run(
                    "an additional exporter", () -> exporter.delivery().accept(metric)));
        } finally {
            delivery.accept(metric);
        }
    }

    @Override
    public void settle(long nowNanos) {
        aggregator.evictExpired(nowNanos);
    }

    @Override
    public void exported(ExportResult result, long durationNanos) {
        listeners.exported(host, result, durationNanos);
    }

    void flush() {
        delivery.flush();
    }

    /** Whether nothing is left to send, or nothing can be sent now. */
    boolean isDone() {
        return delivery.isDone();
    }

    void pause(boolean pause) {
        gate.pause(pause);
        worker.deliveries().settleSoon(delivery);
    }

    /**
     * Reports the statements in flight, sends what it can, and closes at the given time at the latest.
     *
     * @param whenClosed runs at the end
     */
    void beginClose(long deadlineNanos, Runnable whenClosed) {
        if (onClosed == null) {
            onClosed = whenClosed;
            aggregator.completeAll();
        }
        delivery.beginClose(deadlineNanos);
    }

    @Override
    public void closed() {
        if (onClosed != null) {
            onClosed.run();
        }
    }

    /**
     * The snapshot at this point of the worker's time. An event is emitted if it was taken, waits, or was refused, so the
     * sum holds by itself.
     *
     * @param waiting the events in the queue
     */
    TelemetryStatistics statistics(Map<EventOwner, long[]> waiting) {
        long[] queued = waiting.get(this);
        return new TelemetryStatistics(
                host,
                principal,
                gateClosed ? ClientStatus.CLOSED : gate.status(),
                events.counts(queued, aggregator.aggregated(), closedEvents),
                delivery.counts(),
                new StatementCounts(aggregator.inFlight(), aggregator.evicted()),
                delivery.lastExport(),
                breaker.status(),
                gate.flag());
    }
}
