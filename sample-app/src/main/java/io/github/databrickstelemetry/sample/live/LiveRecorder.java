package io.github.databrickstelemetry.sample.live;

import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.sample.load.SteadyLoad;
import io.github.databrickstelemetry.sample.trips.QueryTimes;
import io.github.databrickstelemetry.standin.WorkspaceStandIn;
import jakarta.annotation.PreDestroy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Takes a sample every second and keeps those of the last minutes. Thread-safe. */
@Component
class LiveRecorder {

    private static final int SAMPLES_KEPT = 300;

    private final QueryTimes times;
    private final SteadyLoad load;
    private final ObjectProvider<TelemetryClientProvider> telemetry;
    private final ObjectProvider<WorkspaceStandIn> workspace;
    private final Deque<Sample> samples = new ArrayDeque<>();

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "sample-live");
        thread.setDaemon(true);
        return thread;
    });

    LiveRecorder(
            QueryTimes times,
            SteadyLoad load,
            ObjectProvider<TelemetryClientProvider> telemetry,
            ObjectProvider<WorkspaceStandIn> workspace) {
        this.times = times;
        this.load = load;
        this.telemetry = telemetry;
        this.workspace = workspace;
    }

    @EventListener(ApplicationReadyEvent.class)
    void start() {
        var unused = scheduler.scheduleAtFixedRate(this::record, 0, 1, TimeUnit.SECONDS);
    }

    @PreDestroy
    void stop() {
        scheduler.shutdownNow();
    }

    /** The samples that are newer than this, oldest first. */
    synchronized List<Sample> since(long time) {
        return samples.stream().filter(sample -> sample.time() > time).toList();
    }

    private void record() {
        Sample sample = now();
        synchronized (this) {
            samples.addLast(sample);
            if (samples.size() > SAMPLES_KEPT) {
                samples.removeFirst();
            }
        }
    }

    private Sample now() {
        TelemetryClientProvider provider = telemetry.getIfAvailable();
        WorkspaceStandIn embedded = workspace.getIfAvailable();
        return new Sample(
                System.currentTimeMillis(),
                load.perSecond(),
                Sample.Statements.of(times.next()),
                provider == null
                        ? List.of()
                        : provider.clients().stream()
                                .map(client -> Sample.Client.of(client.statistics()))
                                .toList(),
                describe(embedded));
    }

    private static Sample.@Nullable Workspace describe(@Nullable WorkspaceStandIn embedded) {
        return embedded == null ? null : Sample.Workspace.of(embedded);
    }
}
