package io.github.databrickstelemetry.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.client.HostTotals;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.client.TelemetryStatistics.EventCounts;
import io.github.databrickstelemetry.event.EventType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TotalsByHostTest {

    private final TotalsByHost totals = new TotalsByHost();

    private static TelemetryStatistics client(String host) {
        TelemetryStatistics none = TelemetryStatistics.disabled(host);
        return new TelemetryStatistics(
                host,
                "p",
                none.status(),
                new EventCounts(Map.of(EventType.ERROR, 1L), 0, 1, Map.of()),
                none.metrics(),
                none.statements(),
                none.lastExport(),
                none.breaker(),
                none.flag());
    }

    @Test
    void hostsThatComeAndGoDoNotFillTheMemory() {
        int hosts = TotalsByHost.MAX_CLOSED_HOSTS + 500;
        for (int i = 0; i < hosts; i++) {
            totals.retire(client("host" + i));
        }
        List<HostTotals> all = totals.with(List.of(client("open")));
        // The newest 1,000 hosts, "other" and the open one.
        assertThat(all.size()).isEqualTo(TotalsByHost.MAX_CLOSED_HOSTS + 2);
        assertThat(all.stream().mapToLong(host -> host.events().emitted()).sum())
                .isEqualTo(hosts + 1);
        assertThat(all).extracting(HostTotals::host).contains(TotalsByHost.OTHER, "open");
    }
}
