package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.aggregate.DropReason;
import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.aggregate.internal.PendingBuffer;
import io.github.databrickstelemetry.client.TelemetryStatistics.LastExport;
import io.github.databrickstelemetry.client.TelemetryStatistics.MetricCounts;
import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.config.ExportSettings;
import io.github.databrickstelemetry.event.ErrorDetails;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.ExportResult.Outcome;
import io.github.databrickstelemetry.runtime.internal.BlockingTask;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings finished metrics to one exporter: they wait, are sent in batches when the schedule says so and the gate allows it,
 * and are counted. Belongs to the worker, except for the exports themselves.
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
    private final ClientSettings settings;
    private final SendGate gate;
    private final ExporterSlot exporter;
    private final Owner owner;
    private final Guard guard;
    private final long limitNanos;
    private final PendingBuffer pending;
    private final FlushSchedule schedule;
    private final CulpritSearch search;
    private final DeliveryCounters counters = new DeliveryCounters();

    // Kept by Deliveries. The number is 0 before it is added and after it is removed: then nothing settles it.
    long number;
    boolean isSettledSoon;
    boolean isScheduled;
    long dueAtNanos;

    private @Nullable Batch inFlight;
    private boolean requested;
    private boolean troubled;
    private boolean closing;
    private long closeAtNanos;
    private boolean closed;
    private boolean gaveUp;

    /** @param name {@code host:port}, or the name of an additional exporter */
    Delivery(
            TelemetryWorker worker,
            String name,
            ClientSettings settings,
            SendGate gate,
            ExporterSlot exporter,
            Owner owner,
            long firstFlushNanos,
            Guard guard) {
        this.worker = worker;
        this.name = name;
        this.settings = settings;
        this.gate = gate;
        this.exporter = exporter;
        this.owner = owner;
        this.guard = guard;
        this.limitNanos = limit(settings.export()).toNanos();
        this.pending = new PendingBuffer(settings.maxPending(), PendingBuffer.MAX_BYTES);
        this.search = new CulpritSearch(settings.batchSize());
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
        counters.made();
        if (reason == null) {
            add(metric);
        } else {
            counters.dropped(reason, 1);
        }
    }

    private void add(TelemetryMetric metric) {
        try {
            counters.dropped(DropReason.OVERFLOW, pending.add(metric));
        } catch (Throwable failure) {
            counters.dropped(DropReason.FAILED, 1);
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
                worker.scheduler().request(new Batch());
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
            counters.dropped(reason, pending.clear());
        }
    }

    private boolean isDue() {
        if (inFlight != null || gaveUp || !schedule.isDue()) {
            return false;
        }
        // A client that closes has no time for the wait that the service requests.
        return (closing ? gate.blockedForLong() : gate.blocked(worker.now())) == null;
    }

    /** The export of one batch, which is filled when there is a thread for it. */
    private final class Batch implements BlockingTask {

        private final boolean wasTroubled = troubled;
        private List<TelemetryMetric> metrics = List.of();
        private boolean beganWhileClosing;
        private long startNanos;
        private volatile @Nullable ExportResult result;

        @Override
        public boolean isTroubled() {
            return wasTroubled;
        }

        @Override
        public long limitNanos() {
            return limitNanos;
        }

        @Override
        public boolean begin() {
            requested = false;
            refreshGate();
            if (!isDue()) {
                return false;
            }
            int count = Math.min(search.limit(), pending.size());
            metrics = new ArrayList<>(count);
            // Nothing from here on allocates for a metric, so that none is in two places or in no place.
            pending.nextBatch(count, settings.export().maxRequestSize(), search::isSuspect, metrics);
            inFlight = this;
            startNanos = worker.now();
            beganWhileClosing = closing;
            return true;
        }

        @Override
        public void run() {
            result = exporter.export(metrics);
        }

        @Override
        public void abort() {
            exporter.close(false);
        }

        @Override
        public void finish() {
            ExportResult returned = result;
            ended(this, returned == null ? ExporterSlot.keptAll(metrics, "Aborted") : returned);
        }
    }

    private void ended(Batch batch, ExportResult result) {
        long durationNanos = worker.now() - batch.startNanos;
        troubled = result.outcome() == Outcome.FAILURE
                || (result.outcome() == Outcome.NOT_PERMITTED && troubled)
                || durationNanos >= ExportScheduler.LONG_NANOS;
        if (inFlight != batch) {
            // Given up when the client closed. Its metrics are counted already.
            return;
        }
        keep(batch, result);
        gate.exported(result, worker.now());
        boolean first = counters.delivered() == 0 && result.delivered() > 0;
        inFlight = null;
        counters.exported(result, worker.epochMillis());
        if (first) {
            logger.debug("First delivery to {}: {} metrics", name, result.delivered());
        }
        owner.exported(result, durationNanos);
        worker.deliveries().settleSoon(this);
    }

    /** Puts back what was not sent. Allocates memory, so it comes before anything is counted. */
    private void keep(Batch batch, ExportResult result) {
        List<TelemetryMetric> kept = result.kept();
        CulpritSearch.Action action = search.exported(result, counters.delivered() + result.delivered());
        DropReason reason = action == CulpritSearch.Action.DROP ? DropReason.REFUSED : gate.dropReason();
        if (reason != null) {
            counters.dropped(reason, kept.size());
        } else if (!kept.isEmpty()) {
            int dropped = action == CulpritSearch.Action.PUT_LAST ? pending.add(kept.get(0)) : pending.putBack(kept);
            counters.dropped(DropReason.OVERFLOW, dropped);
            schedule.exportFailed();
            if (closing) {
                // One attempt that began at the end is enough.
                gaveUp = batch.beganWhileClosing;
                schedule.flushFromNowOn();
            }
        }
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

    /** Drops what is left and closes the exporter. */
    private void close() {
        Batch last = inFlight;
        ExportResult result = last == null ? null : last.result;
        if (last != null && result != null) {
            ended(last, result);
        } else if (last != null) {
            worker.scheduler().abort(task -> task == last);
            counters.dropped(DropReason.CLOSED, last.metrics.size());
            inFlight = null;
        }
        counters.dropped(DropReason.CLOSED, pending.clear());
        if (logger.isDebugEnabled()) {
            MetricCounts atTheEnd = counts();
            logger.debug(
                    "Telemetry of {} closed: {} metrics delivered, {} rejected, dropped {}",
                    name,
                    atTheEnd.delivered(),
                    atTheEnd.rejected(),
                    atTheEnd.dropped());
        }
        worker.scheduler().runBeside("closing an exporter", () -> exporter.close(true));
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

    MetricCounts counts() {
        return counters.counts(pending.size(), inFlight == null ? 0 : inFlight.metrics.size());
    }

    LastExport lastExport() {
        return counters.lastExport();
    }
}
