package io.github.databrickstelemetry.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.client.ExporterStatistics;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryListener;
import io.github.databrickstelemetry.client.TelemetryStatistics.MetricCounts;
import io.github.databrickstelemetry.config.EngineSettings;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.ExportResult.ExportError;
import io.github.databrickstelemetry.export.ExportResult.Outcome;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class AdditionalExporterTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final Bench bench = new Bench(1024);
    private final RecordingExporter exporter = new RecordingExporter();

    private static void sumHolds(MetricCounts metrics) {
        long dropped =
                metrics.dropped().values().stream().mapToLong(Long::longValue).sum();
        assertThat(metrics.delivered() + metrics.rejected() + dropped + metrics.pending() + metrics.inFlight())
                .isEqualTo(metrics.made());
    }

    @Test
    void getsEachMetricOfAllClientsWhateverTheWorkspaceTakes() {
        AdditionalExporter additional = bench.additional(exporter);
        Bench.Subject off = bench.client("off.example");
        off.flag.enabled = false;
        Bench.Subject refused = bench.refused("refused.example");
        Bench.Subject failing = bench.client("failing.example");
        failing.exporter.answer(
                batch -> ExportResult.keptAll(Outcome.FAILURE, batch, new ExportError("HttpStatus", 503)));
        for (Bench.Subject client : new Bench.Subject[] {off, refused, failing}) {
            client.statement();
        }
        for (int i = 0; i < 5; i++) {
            bench.pass(Bench.INTERVAL);
            bench.runExports();
        }
        assertThat(exporter.delivered()).hasSize(6).doesNotHaveDuplicates();
        additional.publish();
        sumHolds(additional.published().metrics());
    }

    @Test
    void isGivenAgainWhatItKept() {
        bench.additional(exporter);
        Bench.Subject client = bench.client("a.example");
        exporter.answer(batch -> ExportResult.keptAll(Outcome.FAILURE, batch, new ExportError("x", 0)));
        client.statement();
        bench.worker.step();
        bench.pass(Bench.INTERVAL);
        bench.runExports();
        exporter.answer(batch -> ExportResult.deliveredAll(batch.size()));
        bench.pass(Bench.INTERVAL);
        bench.runExports();
        assertThat(exporter.delivered()).hasSize(2);
    }

    @Test
    @SuppressWarnings("NullAway") // An application may do so.
    void thatNamesNoErrorHurtsNoDelivery() {
        bench.additional(batch -> ExportResult.keptAll(Outcome.FAILURE, batch, new ExportError(null, 0)));
        Bench.Subject client = bench.client("a.example");
        for (int i = 0; i < 3; i++) {
            client.statement();
            bench.worker.step();
            bench.pass(Bench.INTERVAL);
            bench.runExports();
        }
        assertThat(client.exporter.delivered()).hasSize(4);
    }

    @Test
    void thatThrowsHurtsNoDelivery() {
        AdditionalExporter additional = bench.additional(batch -> {
            throw new LinkageError("of another version");
        });
        Bench.Subject client = bench.client("a.example");
        client.statement();
        bench.worker.step();
        bench.pass(Bench.INTERVAL);
        bench.runExports();
        assertThat(client.exporter.delivered()).hasSize(2);
        additional.publish();
        sumHolds(additional.published().metrics());
        assertThat(additional.published().metrics().pending()).isEqualTo(2);
    }

    @Test
    void thatCannotTakeAMetricKeepsItFromNoOther() {
        bench.listeners.add(new TelemetryListener() {
            @Override
            public void onMetric(String host, TelemetryMetric metric) {
                throw new OutOfMemoryError("of the test");
            }
        });
        bench.additional(exporter);
        Bench.Subject client = bench.client("a.example");
        client.statement();
        client.emitter.statementStart(client.session, OperationType.EXECUTE_STATEMENT, StatementType.QUERY);
        client.close(Duration.ofSeconds(2));
        bench.runExports();
        bench.pass(Bench.INTERVAL);
        bench.runExports();
        assertThat(client.closed).isTrue();
        assertThat(client.exporter.delivered()).hasSize(3);
        assertThat(exporter.delivered()).hasSize(3);
        assertThat(bench.guard.count()).isEqualTo(3);
    }

    @Test
    void thatHangsDelaysNeitherDeliveryNorCountsNorTheEnd() {
        CountDownLatch hang = new CountDownLatch(1);
        RecordingExporter service = new RecordingExporter();
        TelemetryEngine engine = new Engines()
                .settings(new EngineSettings(8192, Duration.ofSeconds(1)))
                .with((target, breaker) -> service);
        engine.addExporter(batch -> {
            try {
                hang.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            return ExportResult.deliveredAll(batch.size());
        });
        TelemetryClient client = engine.acquire(Targets.of("a.example"));
        for (int i = 1; i <= 20; i++) {
            int delivered = i;
            client.emitter().connectionOpen("s", ConnectionDetails.UNKNOWN, 1);
            client.flush();
            await().atMost(SOON).until(() -> client.statistics().metrics().delivered() == delivered);
        }
        assertThat(engine.exporters()).hasSize(1);
        engine.close();
        ExporterStatistics last = engine.exporters().get(0);
        sumHolds(last.metrics());
        assertThat(last.metrics().made()).isEqualTo(20);
        hang.countDown();
    }

    @Test
    void getsTheLastMetricsAtTheEndAndIsNotClosed() {
        TelemetryEngine engine = new Engines().with((target, breaker) -> new RecordingExporter());
        engine.addExporter(exporter);
        TelemetryClient client = engine.acquire(Targets.of("a.example"));
        client.emitter().connectionOpen("s", ConnectionDetails.UNKNOWN, 1);
        engine.close();
        assertThat(exporter.delivered()).hasSize(1);
        assertThat(exporter.isClosed()).isFalse();
    }
}
