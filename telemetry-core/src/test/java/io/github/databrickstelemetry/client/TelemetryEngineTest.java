package io.github.databrickstelemetry.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.event.TelemetrySession;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TelemetryEngineTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final RecordingExporter exporter = new RecordingExporter();
    private final TelemetryEngine engine =
            TelemetryEngine.builder().exporters((target, breaker) -> exporter).build();

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void deliversAFlushedStatement() {
        TelemetryClient client = engine.acquire(Targets.of("a.example"));
        emitStatement(client);

        client.flush();

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(exporter.delivered()).hasSize(2));
        TelemetryStatistics statistics = client.statistics();
        assertThat(statistics.emitted()).isEqualTo(3);
        assertThat(statistics.aggregated()).isEqualTo(3);
        assertThat(statistics.delivered()).isEqualTo(2);
    }

    @Test
    void deliversEverythingOnClose() {
        emitStatement(engine.acquire(Targets.of("a.example")));

        engine.close();

        assertThat(exporter.delivered()).hasSize(2);
        await().atMost(SOON).until(exporter::isClosed);
    }

    private static void emitStatement(TelemetryClient client) {
        TelemetrySession session = client.emitter().connectionOpen("s", ConnectionDetails.UNKNOWN, 1_000);
        long key = client.emitter().statementStart(session, OperationType.EXECUTE_STATEMENT, StatementType.QUERY);
        client.emitter().statementComplete(session, key, 1_000_000, null);
    }
}
