package io.github.databrickstelemetry.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.client.TelemetryListener;
import io.github.databrickstelemetry.testing.LogWatch;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListenersTest {

    private final Bench bench = new Bench(8192);

    @Test
    void earlyMetricsBeyondTheFirstThousandAreCountedAndLogged() {
        List<TelemetryMetric> heard = new ArrayList<>();
        bench.listeners.expectMore();
        // The session is a metric as well.
        bench.client("a.example").statements(1_001);
        bench.worker.step();
        bench.listeners.add(new TelemetryListener() {
            @Override
            public void onMetric(String host, TelemetryMetric metric) {
                heard.add(metric);
            }
        });
        try (LogWatch log = new LogWatch()) {
            bench.listeners.complete();
            bench.listeners.complete();
            assertThat(log.ours()).hasSize(1).first().asString().contains("2 early metrics for telemetry listeners");
        }
        assertThat(heard).hasSize(1_000);
        assertThat(bench.guard.count()).isEqualTo(1);
    }
}
