package io.github.databrickstelemetry.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.client.TelemetryStatistics;

/** What is true of every snapshot. */
final class Sums {

    private Sums() {}

    /** @param queueCapacity for a test whose producers are not just putting something in */
    static void hold(TelemetryStatistics statistics, int queueCapacity) {
        hold(statistics);
        assertThat(statistics.queued()).isLessThanOrEqualTo(queueCapacity);
    }

    static void hold(TelemetryStatistics statistics) {
        long droppedEvents = statistics.droppedEvents().values().stream()
                .mapToLong(Long::longValue)
                .sum();
        long droppedMetrics = statistics.droppedMetrics().values().stream()
                .mapToLong(Long::longValue)
                .sum();
        long byType = statistics.emittedByType().values().stream()
                .mapToLong(Long::longValue)
                .sum();
        assertThat(statistics.emitted()).isEqualTo(byType);
        assertThat(statistics.queued() + statistics.aggregated() + droppedEvents)
                .isEqualTo(statistics.emitted());
        assertThat(statistics.delivered()
                        + statistics.rejected()
                        + droppedMetrics
                        + statistics.pending()
                        + statistics.inFlight())
                .isEqualTo(statistics.metrics());
        assertThat(statistics.queued()).isNotNegative();
        assertThat(statistics.pending()).isNotNegative();
        assertThat(statistics.inFlight()).isNotNegative();
    }
}
