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
final class ClientPipeline extends Participant implements EventOwner {

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
    private boolean evictionScheduled;
    private @Nullable Supplier<FlagHandle> flagToOpen;

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
        this.delivery = new Delivery(
                worker,
                this,
                host,
                target.settings(),
                gate,
                exporter,
                (result, nanos) -> listeners.exported(host, result, nanos),
                firstFlushNanos,
                guard);
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

    /** Joins the worker. The flag's handle is opened unless no request may be sent anyway. */
    void open(Supplier<FlagHandle> flag) {
        flagToOpen = gate.allowsRequests() ? flag : null;
        worker.participants().add(this);
    }

    /** Not with the message that opens the client: if there is no memory for the handle, the next round tries again. */
    private void openFlag(long nowNanos) {
        Supplier<FlagHandle> flag = flagToOpen;
        if (flag != null) {
            gate.follow(flag.get(), nowNanos);
            flagToOpen = null;
        }
    }

    @Override
    public void accept(TelemetryEvent event) {
        events.taken(event.type());
        if (onClosed != null) {
            closedEvents++;
            return;
        }
        long now = worker.now();
        aggregator.accept(event, now);
        if (!evictionScheduled && aggregator.inFlight() > 0) {
            evictionScheduled = true;
            worker.participants().wakeWithin(this, aggregator.nanosUntilEviction(now));
        }
    }

    private void finished(TelemetryMetric metric, @Nullable LocalDetails local) {
        try {
            listeners.metric(host, metric, local);
            additional.forEach(exporter -> accept(exporter, metric));
        } finally {
            delivery.accept(metric);
        }
    }

    private void accept(AdditionalExporter exporter, TelemetryMetric metric) {
        try {
            exporter.accept(metric);
        } catch (Throwable failure) {
            guard.swallowed("an additional exporter", failure);
        }
    }

    @Override
    void settle(long nowNanos) {
        openFlag(nowNanos);
        aggregator.evictExpired(nowNanos);
        evictionScheduled = aggregator.inFlight() > 0;
        if (!delivery.settle(nowNanos)) {
            finish();
        }
    }

    @Override
    long nanosUntilDue(long nowNanos) {
        return Math.min(aggregator.nanosUntilEviction(nowNanos), delivery.nanosUntilDue(nowNanos));
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
        worker.participants().attend(this);
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

    /** Leaves the worker last: if there is no memory for what comes before, the next round tries again. */
    private void finish() {
        gate.close();
        if (onClosed != null) {
            onClosed.run();
        }
        worker.participants().remove(this);
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
