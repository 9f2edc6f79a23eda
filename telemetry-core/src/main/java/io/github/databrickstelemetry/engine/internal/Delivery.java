package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.aggregate.DropReason;
import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.aggregate.internal.PendingBuffer;
import io.github.databrickstelemetry.client.TelemetryStatistics.LastExport;
import io.github.databrickstelemetry.client.TelemetryStatistics.MetricCounts;
import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.config.ExportSettings;
import io.github.databrickstelemetry.event.ErrorDetails;
import io.github.databrickstelemetry.event.ErrorDetails.ErrorKind;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.ExportResult.Outcome;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one client's finished metrics to its exporter: they wait, are sent in batches when the schedule says so and the
 * gate allows it, and are counted. Belongs to the worker, except for the exports themselves.
 */
final class Delivery implements ExportScheduler.Request {

    /** Hears of exports that have ended. */
    @FunctionalInterface
    interface Listener {
        void exported(ExportResult result, long durationNanos);
    }

    private static final Duration MARGIN = Duration.ofSeconds(5);

    private static final Logger logger = LoggerFactory.getLogger(Delivery.class);

    private final TelemetryWorker worker;
    private final Participant owner;
    private final String name;
    private final ClientSettings settings;
    private final SendGate gate;
    private final ExporterSlot exporter;
    private final Listener listener;
    private final Guard guard;
    private final long limitNanos;
    private final PendingBuffer pending;
    private final FlushSchedule schedule;
    private final CulpritSearch search;
    private final DeliveryCounters counters = new DeliveryCounters();

    private @Nullable BatchTask task;
    private boolean requested;
    private boolean troubled;
    private boolean closing;
    private long closeAtNanos;
    private boolean closed;
    private boolean taskBeganWhileClosing;
    private boolean gaveUp;

    /**
     * @param owner settles when something here has changed
     * @param name {@code host:port}, or the name of an additional exporter
     */
    Delivery(
            TelemetryWorker worker,
            Participant owner,
            String name,
            ClientSettings settings,
            SendGate gate,
            ExporterSlot exporter,
            Listener listener,
            long firstFlushNanos,
            Guard guard) {
        this.worker = worker;
        this.owner = owner;
        this.name = name;
        this.settings = settings;
        this.gate = gate;
        this.exporter = exporter;
        this.listener = listener;
        this.guard = guard;
        this.limitNanos = limit(settings.export()).toNanos();
        this.pending = new PendingBuffer(settings.maxPending(), PendingBuffer.MAX_BYTES);
        this.search = new CulpritSearch(settings.batchSize());
        this.schedule = new FlushSchedule(pending, settings, firstFlushNanos);
    }

    /** All attempts with their timeouts and waits, and a margin. */
    private static Duration limit(ExportSettings export) {
        Duration attempt = export.http()
                .connectTimeout()
                .plus(export.http().readTimeout())
                .plus(export.retry().backoffMax());
        return attempt.multipliedBy(export.retry().maxRetries() + 1L).plus(MARGIN);
    }

    /** Takes a finished metric. */
    void accept(TelemetryMetric metric) {
        counters.made();
        DropReason reason = closed ? DropReason.CLOSED : gate.dropReason(metric);
        if (reason != null) {
            counters.dropped(reason, 1);
            return;
        }
        add(metric);
    }

    private void add(TelemetryMetric metric) {
        boolean wasEmpty = pending.size() == 0;
        try {
            counters.dropped(DropReason.OVERFLOW, pending.add(metric));
        } catch (Throwable failure) {
            counters.dropped(DropReason.FAILED, 1);
            guard.swallowed("a finished metric", failure);
            return;
        }
        if (wasEmpty) {
            worker.participants().wakeWithin(owner, schedule.nanosUntilFlush(worker.now()));
        }
        ErrorDetails error = metric.error();
        if (error != null && error.kind() == ErrorKind.TERMINAL) {
            schedule.errorAdded();
            worker.participants().attend(owner);
        } else if (schedule.isBatchFull()) {
            worker.participants().attend(owner);
        }
    }

    /**
     * Looks at the flag and the clock, and requests a thread if something is due.
     *
     * @return false once it has closed
     */
    boolean settle(long nowNanos) {
        if (closed) {
            return false;
        }
        refreshGate();
        schedule.advance(nowNanos);
        if (!requested && isDue(nowNanos)) {
            worker.scheduler().request(this);
            requested = true;
        }
        gate.report(nowNanos);
        if (closing && (isDone() || nowNanos - closeAtNanos >= 0)) {
            close(nowNanos);
        }
        return !closed;
    }

    private void refreshGate() {
        gate.refresh();
        DropReason reason = gate.dropReason();
        if (reason != null) {
            counters.dropped(reason, pending.clear());
        }
    }

    private boolean isDue(long nowNanos) {
        if (task != null || gaveUp || !schedule.isDue()) {
            return false;
        }
        // A client that closes has no time for the wait that the service requests.
        return (closing ? gate.blockedForLong() : gate.blocked(nowNanos)) == null;
    }

    @Override
    public boolean isTroubled() {
        return troubled;
    }

    @Override
    public @Nullable ExportTask start(long nowNanos) {
        requested = false;
        refreshGate();
        if (!isDue(nowNanos)) {
            return null;
        }
        int count = Math.min(search.limit(), pending.size());
        List<TelemetryMetric> batch = new ArrayList<>(count);
        BatchTask started = new BatchTask(this, exporter, batch, limitNanos, guard);
        // Nothing from here on allocates for a metric, so that none is in two places or in no place.
        pending.nextBatch(count, settings.export().maxRequestSize(), search::isSuspect, batch);
        task = started;
        taskBeganWhileClosing = closing;
        return started;
    }

    /** Takes the result of a task. */
    void finish(BatchTask ended, long nowNanos) {
        ExportResult result = ended.result();
        troubled = result.outcome() == Outcome.FAILURE
                || (result.outcome() == Outcome.NOT_PERMITTED && troubled)
                || ended.age(nowNanos) >= ExportScheduler.LONG_NANOS;
        if (task != ended) {
            // Given up when the client closed. Its metrics are counted already.
            return;
        }
        keep(result, nowNanos);
        boolean first = counters.delivered() == 0 && result.delivered() > 0;
        task = null;
        counters.exported(result, worker.epochMillis());
        if (first) {
            logger.debug("First delivery to {}: {} metrics", name, result.delivered());
        }
        listener.exported(result, ended.age(nowNanos));
        worker.participants().attend(owner);
    }

    /** Puts back what was not sent. Allocates memory, so it comes before anything is counted. */
    private void keep(ExportResult result, long nowNanos) {
        List<TelemetryMetric> kept = result.kept();
        CulpritSearch.Action action = search.exported(result, counters.delivered() + result.delivered());
        DropReason reason = action == CulpritSearch.Action.DROP ? DropReason.REFUSED : gate.dropReason();
        if (kept.isEmpty() || reason != null) {
            gate.exported(result, nowNanos);
            if (reason != null) {
                counters.dropped(reason, kept.size());
            }
            return;
        }
        int dropped = action == CulpritSearch.Action.PUT_LAST ? pending.add(kept.get(0)) : pending.putBack(kept);
        counters.dropped(DropReason.OVERFLOW, dropped);
        gate.exported(result, nowNanos);
        schedule.exportFailed();
        if (closing) {
            if (taskBeganWhileClosing) {
                gaveUp = true;
            } else {
                schedule.flushFromNowOn();
            }
        }
    }

    void flush() {
        schedule.flush();
        worker.participants().attend(owner);
    }

    /** Sends everything as soon as possible, and closes at the given time at the latest. The earliest time counts. */
    void beginClose(long deadlineNanos) {
        long earlier = closing ? Math.min(closeAtNanos - deadlineNanos, 0) : 0;
        closeAtNanos = deadlineNanos + earlier;
        closing = true;
        schedule.flushFromNowOn();
        worker.participants().attend(owner);
    }

    /** Whether nothing is left to send, or nothing more can be sent. */
    boolean isDone() {
        return closed || (task == null && (pending.size() == 0 || gaveUp || gate.isHopeless()));
    }

    /** Drops what is left and closes the exporter. */
    private void close(long nowNanos) {
        BatchTask last = task;
        if (last != null && last.hasResult()) {
            finish(last, nowNanos);
        } else if (last != null) {
            last.interrupt();
            counters.dropped(DropReason.CLOSED, last.batch().size());
            task = null;
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
        worker.scheduler().runBeside("closing an exporter", exporter::close);
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
        return counters.counts(pending.size(), task == null ? 0 : task.batch().size());
    }

    LastExport lastExport() {
        return counters.lastExport();
    }
}
