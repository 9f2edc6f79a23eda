package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.aggregate.DropReason;
import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.aggregate.internal.FinishedMetrics;
import io.github.databrickstelemetry.aggregate.internal.MetricsAggregator;
import io.github.databrickstelemetry.aggregate.internal.PendingBuffer;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.event.ErrorDetails;
import io.github.databrickstelemetry.event.ErrorKind;
import io.github.databrickstelemetry.event.EventOwner;
import io.github.databrickstelemetry.event.LocalDetails;
import io.github.databrickstelemetry.event.TelemetryEvent;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.TelemetryExporter;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client behind the queue: from its events to batches, and the accounts of both. Everything here happens on the
 * worker.
 */
final class ClientPipeline implements EventOwner, FinishedMetrics {

    private enum Phase {
        OPEN,
        CLOSING,
        CLOSED
    }

    private final TelemetryWorker worker;
    private final ClientParts parts;
    private final ClientSettings settings;
    private final MetricsAggregator aggregator;
    private final PendingBuffer pending;
    private final FlushSchedule schedule;
    private final Clearance clearance;
    private final DeliveryCounters accounts = new DeliveryCounters();

    private Phase phase = Phase.OPEN;
    private boolean paused;
    private long takenEvents;
    private long closedEvents;
    private boolean evictionScheduled;

    private boolean attended;
    private boolean requested;
    private @Nullable ExportRun run;
    private boolean troubled;

    private long closeAtNanos;
    private boolean runBeganWhileClosing;
    private boolean gaveUp;
    private @Nullable Runnable onClosed;

    ClientPipeline(TelemetryWorker worker, ClientParts parts, long nowNanos, long phaseNanos) {
        this.worker = worker;
        this.parts = parts;
        this.settings = parts.target().settings();
        this.aggregator = new MetricsAggregator(settings, parts.ids(), parts.guard(), this);
        this.pending = new PendingBuffer(settings.maxPending());
        this.schedule = new FlushSchedule(pending, settings, nowNanos, phaseNanos);
        this.clearance = new Clearance(
                parts.flag(), parts.intake(), settings.export().retry().retryAfterMax(), nowNanos);
    }

    // Events become metrics.

    @Override
    public void accept(TelemetryEvent event) {
        takenEvents++;
        if (phase != Phase.OPEN) {
            closedEvents++;
            return;
        }
        long now = worker.now();
        aggregator.accept(event, now);
        if (!evictionScheduled && aggregator.inFlight() > 0) {
            evictionScheduled = true;
            worker.wakeWithin(aggregator.nanosUntilEviction(now));
        }
    }

    @Override
    public void accept(TelemetryMetric metric, @Nullable LocalDetails local) {
        accounts.made();
        parts.listeners().metric(parts.host(), metric, local);
        if (clearance.isOff()) {
            accounts.dropped(DropReason.FLAG_OFF, 1);
            return;
        }
        if (pending.size() == 0) {
            worker.wakeWithin(schedule.nanosUntilNextPoint(worker.now()));
        }
        accounts.dropped(DropReason.OVERFLOW, pending.add(metric));
        ErrorDetails error = metric.error();
        if (error != null && error.kind() == ErrorKind.TERMINAL) {
            schedule.errorCame();
            attend();
        } else if (schedule.hasBatch()) {
            attend();
        }
    }

    // Metrics become batches.

    /** Looks at the clock and at what waits, and does what is due. */
    void settle(long now) {
        attended = false;
        if (phase == Phase.CLOSED) {
            return;
        }
        aggregator.evictExpired(now);
        evictionScheduled = aggregator.inFlight() > 0;
        lookAtClearance();
        schedule.look(now);
        if (!requested && wantsToSend()) {
            requested = true;
            worker.lanes().request(this);
        }
        if (phase == Phase.CLOSING) {
            finishIfDone(now);
        }
    }

    private void attend() {
        if (!attended) {
            attended = true;
            worker.attend(this);
        }
    }

    private void lookAtClearance() {
        clearance.look();
        if (clearance.isOff()) {
            accounts.dropped(DropReason.FLAG_OFF, pending.clear());
        }
    }

    private boolean wantsToSend() {
        boolean may = run == null && !isSilent() && !gaveUp && clearance.isOn();
        // At the end there is no later to wait for.
        return may && schedule.isDue() && (phase == Phase.CLOSING || clearance.hasWaited(worker.now()));
    }

    /** Takes the next batch, now that there is a thread for it; null if things have changed and there is none. */
    @Nullable
    LaneRun startRun(long now, Consumer<LaneRun> done) {
        requested = false;
        lookAtClearance();
        if (!wantsToSend()) {
            return null;
        }
        List<TelemetryMetric> batch =
                pending.nextBatch(settings.batchSize(), settings.export().maxRequestSize());
        run = new ExportRun(this, batch, now, done, parts.guard());
        runBeganWhileClosing = phase == Phase.CLOSING;
        return run;
    }

    /** Books the result of a run. */
    void ended(ExportRun ended, long now) {
        ExportResult result = ended.result();
        troubled = ended.wasTroubled(now);
        if (run != ended) {
            // Given up when the client closed: its metrics are booked already.
            return;
        }
        run = null;
        accounts.exported(result, worker.epochMillis());
        clearance.exported(result, now);
        if (!result.kept().isEmpty()) {
            keep(result.kept());
        }
        parts.listeners().exported(parts.host(), result, ended.age(now));
        attend();
    }

    private void keep(List<TelemetryMetric> kept) {
        if (clearance.isOff()) {
            accounts.dropped(DropReason.FLAG_OFF, kept.size());
            return;
        }
        accounts.dropped(DropReason.OVERFLOW, pending.putBack(kept));
        schedule.holdBack();
        if (phase == Phase.CLOSING) {
            if (runBeganWhileClosing) {
                gaveUp = true;
            } else {
                schedule.flushFromNowOn();
            }
        }
    }

    /** Whether the last export failed or took long. */
    boolean troubled() {
        return troubled;
    }

    TelemetryExporter exporter() {
        return parts.exporter();
    }

    // What people ask for.

    void flush() {
        schedule.flush();
        attend();
    }

    void pause(boolean pause) {
        paused = pause;
        attend();
    }

    // The end.

    /**
     * Reports what is in flight, sends what it can, and is closed at the given time at the latest.
     *
     * @param whenClosed runs at the end
     */
    void beginClose(long deadlineNanos, Runnable whenClosed) {
        if (phase == Phase.CLOSED) {
            return;
        }
        if (phase == Phase.CLOSING) {
            // The engine closes while this client does: the earlier end holds.
            closeAtNanos = Math.min(closeAtNanos - deadlineNanos, 0) + deadlineNanos;
        } else {
            closeAtNanos = deadlineNanos;
            onClosed = whenClosed;
            aggregator.completeAll();
            phase = Phase.CLOSING;
            schedule.flushFromNowOn();
        }
        attend();
    }

    private boolean isSilent() {
        return paused || parts.intake().isSwitchedOff();
    }

    private void finishIfDone(long now) {
        boolean nothingLeft = pending.size() == 0 && run == null;
        boolean hopeless = run == null && (gaveUp || isSilent() || clearance.noFlagComes());
        if (nothingLeft || hopeless || now - closeAtNanos >= 0) {
            finish(now);
        }
    }

    private void finish(long now) {
        ExportRun last = run;
        if (last != null && last.hasResult()) {
            ended(last, now);
        } else if (last != null) {
            last.interrupt();
            accounts.dropped(DropReason.CLOSED, last.size());
            run = null;
        }
        accounts.dropped(DropReason.CLOSED, pending.clear());
        phase = Phase.CLOSED;
        parts.flag().close();
        worker.lanes().runBeside(() -> parts.guard().run("closing an exporter", exporter()::close));
        worker.remove(this);
        if (onClosed != null) {
            onClosed.run();
        }
    }

    /** Nanoseconds until {@link #settle} has something to do if nothing else happens. */
    long nanosUntilDue(long now) {
        if (phase == Phase.CLOSED) {
            return Long.MAX_VALUE;
        }
        long nanos = Math.min(aggregator.nanosUntilEviction(now), schedule.nanosUntilLook(now));
        if (phase == Phase.CLOSING) {
            nanos = Math.min(nanos, closeAtNanos - now);
        }
        return Math.max(0, nanos);
    }

    // DeliveryCounters.

    TelemetryStatistics statistics() {
        return accounts.statistics(
                parts,
                new DeliveryCounters.Counts(
                        aggregator.aggregated(),
                        // Also what the aggregator failed on before it could count it.
                        takenEvents - aggregator.aggregated() - closedEvents,
                        closedEvents,
                        pending.size(),
                        run == null ? 0 : run.size(),
                        aggregator.inFlight(),
                        aggregator.evicted()),
                clearance.noCredentials());
    }
}
