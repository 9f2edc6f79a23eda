package io.github.databrickstelemetry.aggregate.internal;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.event.LocalDetails;
import org.jspecify.annotations.Nullable;

/** Takes finished metrics from the aggregator, on the aggregator's thread. Must not throw. */
@FunctionalInterface
public interface FinishedMetrics {

    /**
     * A metric is finished.
     *
     * @param local details of a statement that must not leave the process; null for sessions and errors
     */
    void accept(TelemetryMetric metric, @Nullable LocalDetails local);
}
