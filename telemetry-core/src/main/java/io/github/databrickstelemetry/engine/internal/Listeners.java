package io.github.databrickstelemetry.engine.internal;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.StatementMetric;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryListener;
import io.github.databrickstelemetry.event.LocalDetails;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The observers of an engine; what they throw ends here. Thread-safe. */
final class Listeners {

    private final List<TelemetryListener> listeners = new CopyOnWriteArrayList<>();
    private final Guard guard;

    Listeners(Guard guard) {
        this.guard = guard;
    }

    void add(TelemetryListener listener) {
        listeners.add(listener);
    }

    void opened(TelemetryClient client) {
        for (TelemetryListener listener : listeners) {
            try {
                listener.onOpen(client);
            } catch (Throwable failure) {
                guard.swallowed("a telemetry listener", failure);
            }
        }
    }

    void metric(String host, TelemetryMetric metric, @Nullable LocalDetails local) {
        for (TelemetryListener listener : listeners) {
            try {
                listener.onMetric(host, metric);
                if (metric instanceof StatementMetric statement && local != null) {
                    listener.onStatement(host, statement, local);
                }
            } catch (Throwable failure) {
                guard.swallowed("a telemetry listener", failure);
            }
        }
    }

    void exported(String host, ExportResult result, long durationNanos) {
        for (TelemetryListener listener : listeners) {
            try {
                listener.onExport(host, result, durationNanos);
            } catch (Throwable failure) {
                guard.swallowed("a telemetry listener", failure);
            }
        }
    }
}
