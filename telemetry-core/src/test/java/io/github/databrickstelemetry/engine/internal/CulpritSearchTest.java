package io.github.databrickstelemetry.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.aggregate.DropReason;
import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.StatementMetric;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementResult;
import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.ExportResult.ExportError;
import io.github.databrickstelemetry.export.ExportResult.Outcome;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CulpritSearchTest {

    private final Bench bench = new Bench(4096);
    private final Bench.Subject client = bench.client("a.example", Bench.settings(200, 5_000));
    private final Set<String> refused = new HashSet<>();

    @AfterEach
    void sumsHold() {
        Sums.hold(client.statistics());
    }

    private void statements(int from, int count) {
        for (int i = from; i < from + count; i++) {
            long key =
                    client.emitter.statementStart(client.session, OperationType.EXECUTE_STATEMENT, StatementType.QUERY);
            client.emitter.statementComplete(client.session, key, 1, StatementResult.ofId("s" + i));
        }
    }

    /** As a firewall does that dislikes one document. */
    private ExportResult firewall(List<TelemetryMetric> batch) {
        boolean refuses = batch.stream()
                .anyMatch(metric ->
                        metric instanceof StatementMetric statement && refused.contains(statement.statementId()));
        return refuses ? failed(batch, 403) : ExportResult.deliveredAll(batch.size());
    }

    private static ExportResult failed(List<TelemetryMetric> batch, int status) {
        return ExportResult.keptAll(Outcome.FAILURE, batch, new ExportError("HttpStatus", status));
    }

    private int flushes(int most) {
        bench.worker.step();
        int flushes = 0;
        while (client.statistics().metrics().pending() > 0 && flushes < most) {
            bench.pass(Bench.INTERVAL);
            bench.runExports();
            flushes++;
        }
        return flushes;
    }

    @Test
    void oneRefusedDocumentDoesNotBlockItsHost() {
        client.exporter.answer(this::firewall);
        refused.add("s17");
        statements(0, 424);
        assertThat(flushes(30)).isLessThan(15);
        assertThat(client.statistics().metrics().delivered()).isEqualTo(424);
        assertThat(client.statistics().dropped(DropReason.REFUSED)).isEqualTo(1);
    }

    @Test
    void severalRefusedDocumentsAreFoundOneAfterTheOther() {
        client.exporter.answer(this::firewall);
        refused.addAll(Set.of("s0", "s1", "s150", "s399"));
        statements(0, 400);
        flushes(80);
        assertThat(client.statistics().metrics().delivered()).isEqualTo(397);

        // The last one waits until it is certain that the host takes others.
        statements(400, 1);
        flushes(10);
        assertThat(client.statistics().metrics().delivered()).isEqualTo(398);
        assertThat(client.statistics().dropped(DropReason.REFUSED)).isEqualTo(4);
    }

    @Test
    void nothingIsDroppedDuringAnOutage() {
        client.exporter.answer(batch -> failed(batch, 503));
        statements(0, 300);
        for (int i = 0; i < 100; i++) {
            bench.pass(Bench.INTERVAL);
            bench.runExports();
        }
        assertThat(client.statistics().metrics().pending()).isEqualTo(301);

        client.exporter.answer(batch -> ExportResult.deliveredAll(batch.size()));
        assertThat(flushes(10)).isLessThan(3);
        assertThat(client.statistics().metrics().delivered()).isEqualTo(301);
    }

    @Test
    void aRefusedDocumentOnItsOwnIsKeptUntilOthersAreDelivered() {
        client.exporter.answer(this::firewall);
        client.flush();
        bench.runExports();
        refused.add("s0");
        statements(0, 1);
        for (int i = 0; i < 20; i++) {
            bench.pass(Bench.INTERVAL);
            bench.runExports();
        }
        assertThat(client.statistics().metrics().pending()).isEqualTo(1);

        statements(1, 1);
        flushes(10);
        assertThat(client.statistics().metrics().delivered()).isEqualTo(2);
        assertThat(client.statistics().dropped(DropReason.REFUSED)).isEqualTo(1);
    }

    @Test
    void missingCredentialsAreNoDocumentsFault() {
        client.exporter.answer(
                batch -> ExportResult.keptAll(Outcome.FAILURE, batch, ExportError.ofCredentials("NoCredentials")));
        statements(0, 100);
        for (int i = 0; i < 10; i++) {
            bench.pass(Bench.INTERVAL);
            bench.runExports();
        }
        assertThat(client.exporter.batches())
                .allSatisfy(batch -> assertThat(batch.size()).isGreaterThan(90));
    }

    @Test
    void batchesGrowAgainAfterASearch() {
        client.exporter.answer(this::firewall);
        refused.add("s0");
        statements(0, 200);
        flushes(30);
        statements(1_000, 1_000);
        bench.runExports();
        assertThat(client.exporter.batches())
                .last()
                .satisfies(batch -> assertThat(batch).hasSize(200));
    }
}
