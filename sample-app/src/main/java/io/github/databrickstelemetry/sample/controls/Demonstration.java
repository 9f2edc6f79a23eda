package io.github.databrickstelemetry.sample.controls;

import io.github.databrickstelemetry.sample.load.SteadyLoad;
import io.github.databrickstelemetry.standin.ServiceMode;
import io.github.databrickstelemetry.standin.WorkspaceStandIn;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Load and outages that a page starts. They end by themselves when no page is open any more: a page renews its lease
 * with each look at the state. Thread-safe.
 */
@Component
class Demonstration {

    private static final int LOAD = 20;
    /** Shares of the outage's time, in percent: before it, and until the service is healthy again. */
    private static final int BREAKS_AT = 16;

    private static final int HEALS_AT = 56;

    /**
     * What the controls show.
     *
     * @param workspace whether there is a stand-in to control
     * @param outageSeconds how long an outage plays
     * @param secondsLeft until the end of the outage that plays; 0 where none plays
     */
    record State(
            int loadPerSecond, boolean workspace, String service, boolean flag, long outageSeconds, long secondsLeft) {}

    private final SteadyLoad load;
    private final ObjectProvider<WorkspaceStandIn> workspace;
    private final Duration outage;
    private final Duration lease;
    private final Map<String, Long> leases = new HashMap<>();
    private final List<Future<?>> steps = new ArrayList<>();
    private long outageEnds;

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "sample-demonstration");
        thread.setDaemon(true);
        return thread;
    });

    Demonstration(
            SteadyLoad load,
            ObjectProvider<WorkspaceStandIn> workspace,
            @Value("${sample.outage:50s}") Duration outage,
            @Value("${sample.lease:75s}") Duration lease) {
        this.load = load;
        this.workspace = workspace;
        this.outage = outage;
        this.lease = lease;
        var unused = scheduler.scheduleAtFixedRate(this::expire, 1, 1, TimeUnit.SECONDS);
    }

    /** The state, for a page that is open. */
    synchronized State look(String page) {
        leases.put(page, System.nanoTime() + lease.toNanos());
        return state();
    }

    /** Ends what is running where this was the last open page. */
    synchronized void leave(String page) {
        if (leases.remove(page) != null && leases.isEmpty()) {
            end();
        }
    }

    /** Plays an outage from its beginning to its end. */
    synchronized State play() {
        end();
        outageEnds = System.nanoTime() + outage.toNanos();
        load.set(LOAD);
        step(BREAKS_AT, () -> setMode(ServiceMode.ERROR));
        step(HEALS_AT, () -> setMode(ServiceMode.HEALTHY));
        step(100, this::end);
        return state();
    }

    /** Ends load and outage; the service is healthy and the flag is on. */
    synchronized State end() {
        steps.forEach(step -> step.cancel(false));
        steps.clear();
        outageEnds = 0;
        load.set(0);
        setMode(ServiceMode.HEALTHY);
        workspace.ifAvailable(standIn -> standIn.featureFlag().setEnabled(true));
        return state();
    }

    private void step(int percent, Runnable action) {
        steps.add(scheduler.schedule(action, outage.toMillis() * percent / 100, TimeUnit.MILLISECONDS));
    }

    private void setMode(ServiceMode mode) {
        workspace.ifAvailable(standIn -> standIn.telemetry().setMode(mode));
    }

    private synchronized void expire() {
        long now = System.nanoTime();
        if (leases.values().removeIf(deadline -> deadline < now) && leases.isEmpty()) {
            end();
        }
    }

    private State state() {
        WorkspaceStandIn standIn = workspace.getIfAvailable();
        long left = outageEnds == 0 ? 0 : TimeUnit.NANOSECONDS.toSeconds(outageEnds - System.nanoTime()) + 1;
        return new State(
                load.perSecond(),
                standIn != null,
                standIn == null
                        ? ServiceMode.HEALTHY.name()
                        : standIn.telemetry().mode().name(),
                standIn == null || standIn.featureFlag().isEnabled(),
                outage.toSeconds(),
                Math.max(0, left));
    }

    @PreDestroy
    void close() {
        scheduler.shutdownNow();
    }
}
