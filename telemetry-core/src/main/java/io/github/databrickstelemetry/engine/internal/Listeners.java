package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.StatementMetric;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryListener;
import io.github.databrickstelemetry.event.LocalDetails;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The listeners of an engine; what they throw ends here. Thread-safe, but for metrics, which come from the worker only.
 *
 * <p>While an application starts, its first statements end before its listeners exist. Their metrics wait here.
 */
final class Listeners {

    /** A starting application that runs more statements than this shows the first of them. */
    private static final int MAX_WAITING = 1_000;

    private final List<TelemetryListener> listeners = new CopyOnWriteArrayList<>();
    private final Guard guard;

    /** Metrics that wait for the listeners; null when none has to wait. Used by the worker, or before it starts. */
    private @Nullable List<Finished> waiting;

    /** Metrics that were more than may wait. */
    private long missed;

    private record Finished(
            String host, TelemetryMetric metric, @Nullable LocalDetails local) {}

    Listeners(Guard guard) {
        this.guard = guard;
    }

    void add(TelemetryListener listener) {
        listeners.add(listener);
    }

    /** Lets metrics wait until {@link #complete()}. Called before the worker starts. */
    void expectMore() {
        waiting = new ArrayList<>();
    }

    /** All listeners are there: they get the metrics that have waited. */
    void complete() {
        List<Finished> earlier = waiting;
        waiting = null;
        if (earlier != null) {
            earlier.forEach(finished -> metric(finished.host, finished.metric, finished.local));
        }
        if (missed > 0) {
            guard.swallowed(missed + " early metrics for telemetry listeners", new IllegalStateException());
            missed = 0;
        }
    }

    void opened(TelemetryClient client) {
        each(listener -> listener.onOpen(client));
    }

    void metric(String host, TelemetryMetric metric, @Nullable LocalDetails local) {
        if (waiting == null) {
            each(listener -> {
                listener.onMetric(host, metric);
                if (metric instanceof StatementMetric statement && local != null) {
                    listener.onStatement(host, statement, local);
                }
            });
        } else if (waiting.size() < MAX_WAITING) {
            waiting.add(new Finished(host, metric, local));
        } else {
            missed++;
        }
    }

    void exported(String host, ExportResult result, long durationNanos) {
        each(listener -> listener.onExport(host, result, durationNanos));
    }

    private void each(Consumer<TelemetryListener> call) {
        for (TelemetryListener listener : listeners) {
            try {
                call.accept(listener);
            } catch (Throwable failure) {
                guard.swallowed("a telemetry listener", failure);
            }
        }
    }
}
