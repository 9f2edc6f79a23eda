package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.aggregate.DropReason;
import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.aggregate.internal.PendingBuffer;
import io.github.databrickstelemetry.client.TelemetryStatistics.MetricCounts;
import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.config.ExportSettings;
import io.github.databrickstelemetry.event.ErrorDetails;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.ExportResult.Outcome;
import io.github.databrickstelemetry.export.TelemetryExporter;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the metrics of an {@link Outbox}, in batches, when the schedule says so and the gate allows it, until the delivery
 * closes. Belongs to the worker, except for the exports themselves.
 */
final class Delivery {

    /** Whose metrics a delivery sends. Called by the worker. */
    interface Owner {

        /** Does what else is due, whenever the delivery is settled. */
        default void settle() {}

        /** An export has ended. */
        default void exported(ExportResult result, long durationNanos) {}

        /** The delivery has closed. Called again if what follows fails. */
        default void closed() {}
    }

    private static final Logger logger = LoggerFactory.getLogger(Delivery.class);

    private final TelemetryWorker worker;
    private final String name;
    private final SendGate gate;
    private final Supplier<TelemetryExporter> exporters;
    private final Owner owner;
    private final Guard guard;
    private final long limitNanos;
    private final PendingBuffer pending;
    private final Outbox outbox;
    private final FlushSchedule schedule;

    // Kept by Deliveries. The number is 0 before it is added and after it is removed: then nothing settles it.
    long number;
    boolean isSettledSoon;
    boolean isScheduled;
    long dueAtNanos;

    private @Nullable ExportTask inFlight;
    private boolean requested;
    private boolean troubled;
    private boolean closing;
    private long closeAtNanos;
    private boolean closed;
    private boolean gaveUp;

    /**
     * @param name {@code host:port}, or the name of an additional exporter
     * @param exporters makes the exporter of each batch, on an export thread
     */
    Delivery(
            TelemetryWorker worker,
            String name,
            ClientSettings settings,
            SendGate gate,
            Supplier<TelemetryExporter> exporters,
            Owner owner,
            long firstFlushNanos,
            Guard guard) {
        this.worker = worker;
        this.name = name;
        this.gate = gate;
        this.exporters = exporters;
        this.owner = owner;
        this.guard = guard;
        this.limitNanos = limit(settings.export()).toNanos();
        this.pending = new PendingBuffer(settings.maxPending(), PendingBuffer.MAX_BYTES);
        this.outbox =
                new Outbox(pending, settings.batchSize(), settings.export().maxRequestSize());
        this.schedule = new FlushSchedule(pending, settings, firstFlushNanos);
    }

    /** All attempts with their timeouts and waits, and five seconds. */
    private static Duration limit(ExportSettings export) {
        Duration attempt = export.http()
                .connectTimeout()
                .plus(export.http().readTimeout())
                .plus(export.retry().backoffMax());
        return attempt.multipliedBy(export.retry().maxRetries() + 1L).plusSeconds(5);
    }

    /** Takes a finished metric. */
    void accept(TelemetryMetric metric) {
        DropReason reason = closed ? DropReason.CLOSED : gate.dropReason(metric);
        if (reason != null) {
            outbox.drop(reason);
            return;
        }
        try {
            outbox.add(metric);
        } catch (Throwable failure) {
            guard.swallowed("a finished metric", failure);
            return;
        }
        long now = worker.now();
        ErrorDetails error = metric.error();
        schedule.added(error != null && error.kind() == ErrorDetails.ErrorKind.TERMINAL, now);
        worker.deliveries().settleWithin(this, schedule.isBatchFull() ? 0 : schedule.nanosUntilDue(now));
    }

    /** Looks at the flag and the clock, and requests a thread if something is due. */
    void settle() {
        if (!closed) {
            long now = worker.now();
            owner.settle();
            refreshGate();
            schedule.advance(now);
            if (!requested && isDue()) {
                worker.scheduler().request(new ExportTask(this, exporters, troubled, limitNanos, guard));
                requested = true;
            }
            gate.report(now);
            if (closing && (isDone() || now - closeAtNanos >= 0)) {
                close();
            }
        }
        if (closed) {
            // It leaves the worker last: if there is no memory for what comes before, the next round tries again.
            gate.close();
            owner.closed();
            worker.deliveries().remove(this);
        }
    }

    private void refreshGate() {
        gate.refresh(worker.now());
        DropReason reason = gate.dropReason();
        if (reason != null) {
            outbox.dropPending(reason);
        }
    }

    private boolean isDue() {
        if (inFlight != null || gaveUp || !schedule.isDue()) {
            return false;
        }
        // A client that closes has no time for the wait that the service requests.
        return (closing ? gate.blockedForLong() : gate.blocked(worker.now())) == null;
    }

    /** There is a thread for the task: gives it a batch, or returns false if nothing is due any more. */
    boolean begin(ExportTask task) {
        requested = false;
        refreshGate();
        if (!isDue()) {
            return false;
        }
        task.metrics = outbox.nextBatch();
        task.startNanos = worker.now();
        task.beganWhileClosing = closing;
        inFlight = task;
        return true;
    }

    /** The export has ended, or was given up. */
    void ended(ExportTask task, ExportResult result) {
        long durationNanos = worker.now() - task.startNanos;
        troubled = result.outcome() == Outcome.FAILURE
                || (result.outcome() == Outcome.NOT_PERMITTED && troubled)
                || durationNanos >= ExportScheduler.LONG_NANOS;
        if (inFlight != task) {
            // Given up when the client closed. Its metrics are counted already.
            return;
        }
        boolean first = outbox.delivered() == 0 && result.delivered() > 0;
        boolean isKept = outbox.sent(result, gate.dropReason(), worker.epochMillis());
        inFlight = null;
        if (isKept) {
            schedule.exportFailed();
            if (closing) {
                // One attempt that began at the end is enough.
                gaveUp = task.beganWhileClosing;
                schedule.flushFromNowOn();
            }
        }
        gate.exported(result, worker.now());
        if (first) {
            logger.debug("First delivery to {}: {} metrics", name, result.delivered());
        }
        owner.exported(result, durationNanos);
        worker.deliveries().settleSoon(this);
    }

    void flush() {
        schedule.flush();
        worker.deliveries().settleSoon(this);
    }

    /** Sends everything as soon as possible, and closes at the given time at the latest. The earliest time counts. */
    void beginClose(long deadlineNanos) {
        if (!closing || deadlineNanos - closeAtNanos < 0) {
            closing = true;
            closeAtNanos = deadlineNanos;
            schedule.flushFromNowOn();
            worker.deliveries().add(this);
        }
    }

    /** Whether nothing is left to send, or nothing more can be sent. */
    boolean isDone() {
        return closed || (inFlight == null && (pending.size() == 0 || gaveUp || gate.isHopeless()));
    }

    /** Drops what is left. */
    private void close() {
        ExportTask last = inFlight;
        ExportResult result = last == null ? null : last.result();
        if (last != null && result != null) {
            ended(last, result);
        } else if (last != null) {
            worker.scheduler().abort(task -> task == last);
            outbox.dropInFlight(DropReason.CLOSED);
            inFlight = null;
        }
        outbox.dropPending(DropReason.CLOSED);
        if (logger.isDebugEnabled()) {
            MetricCounts atTheEnd = outbox.counts();
            logger.debug(
                    "Telemetry of {} closed: {} metrics delivered, {} rejected, dropped {}",
                    name,
                    atTheEnd.delivered(),
                    atTheEnd.rejected(),
                    atTheEnd.dropped());
        }
        closed = true;
    }

    /** Nanoseconds until {@link #settle} has something to do if nothing else happens; not negative. */
    long nanosUntilDue(long nowNanos) {
        if (closed) {
            return Long.MAX_VALUE;
        }
        long nanos = schedule.nanosUntilDue(nowNanos);
        long retry = gate.nanosUntilRetry(nowNanos);
        if (retry > 0 && pending.size() > 0) {
            nanos = Math.min(nanos, retry);
        }
        if (closing) {
            nanos = Math.min(nanos, closeAtNanos - nowNanos);
        }
        return Math.max(0, nanos);
    }

    /** Where the metrics are. */
    Outbox outbox() {
        return outbox;
    }
}
