package io.github.databrickstelemetry.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.client.TelemetryStatistics;

/** What is true of every snapshot. */
final class Sums {

    private Sums() {}

    /** @param queueCapacity for a test whose producers are not just putting something in */
    static void hold(TelemetryStatistics statistics, int queueCapacity) {
        hold(statistics);
        assertThat(statistics.events().queued()).isLessThanOrEqualTo(queueCapacity);
    }

    static void hold(TelemetryStatistics statistics) {
        long droppedEvents = statistics.events().dropped().values().stream()
                .mapToLong(Long::longValue)
                .sum();
        long droppedMetrics = statistics.metrics().dropped().values().stream()
                .mapToLong(Long::longValue)
                .sum();
        long byType = statistics.events().byType().values().stream()
                .mapToLong(Long::longValue)
                .sum();
        assertThat(statistics.events().emitted()).isEqualTo(byType);
        assertThat(statistics.events().queued() + statistics.events().aggregated() + droppedEvents)
                .isEqualTo(statistics.events().emitted());
        assertThat(statistics.metrics().delivered()
                        + statistics.metrics().rejected()
                        + droppedMetrics
                        + statistics.metrics().pending()
                        + statistics.metrics().inFlight())
                .isEqualTo(statistics.metrics().made());
        assertThat(statistics.events().queued()).isNotNegative();
        assertThat(statistics.metrics().pending()).isNotNegative();
        assertThat(statistics.metrics().inFlight()).isNotNegative();
    }
}
