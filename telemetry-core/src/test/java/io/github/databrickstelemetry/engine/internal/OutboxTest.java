package io.github.databrickstelemetry.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.databrickstelemetry.aggregate.DropReason;
import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.SessionMetric;
import io.github.databrickstelemetry.aggregate.internal.PendingBuffer;
import io.github.databrickstelemetry.client.TelemetryStatistics.MetricCounts;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.SessionFixture;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.ExportResult.ExportError;
import io.github.databrickstelemetry.export.ExportResult.Outcome;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutboxTest {

    private final Outbox outbox = new Outbox(new PendingBuffer(3, PendingBuffer.MAX_BYTES), 2, 1 << 20);

    private void add(int count) {
        for (int i = 0; i < count; i++) {
            outbox.add(new SessionMetric(
                    "id",
                    SessionFixture.session("session", ConnectionDetails.UNKNOWN),
                    1,
                    OperationType.CREATE_SESSION,
                    1));
        }
    }

    private static MetricCounts counts(
            long made, long delivered, Map<DropReason, Long> dropped, long pending, long sent) {
        return new MetricCounts(made, delivered, 0, dropped, pending, sent);
    }

    @Test
    void knowsWhereEachMetricIs() {
        add(3);
        outbox.drop(DropReason.LEVEL);
        List<TelemetryMetric> batch = outbox.nextBatch();
        assertThat(outbox.counts()).isEqualTo(counts(4, 0, Map.of(DropReason.LEVEL, 1L), 1, 2));

        ExportResult half = new ExportResult(
                Outcome.FAILURE, 1, 0, 0, 0, batch.subList(1, 2), new ExportError("HttpStatus", 503), 0);
        assertThat(outbox.sent(half, null, 7)).isTrue();
        assertThat(outbox.counts()).isEqualTo(counts(4, 1, Map.of(DropReason.LEVEL, 1L), 2, 0));
        assertThat(outbox.lastExport().successMillis()).isEqualTo(7);
        assertThat(outbox.lastExport().errorMillis()).isEqualTo(7);
    }

    @Test
    void dropsWhatAnExportKeptWhereThereIsAReason() {
        add(2);
        List<TelemetryMetric> batch = outbox.nextBatch();
        ExportResult kept = ExportResult.keptAll(Outcome.FAILURE, batch, new ExportError("x", 0));
        assertThat(outbox.sent(kept, DropReason.FLAG_OFF, 7)).isFalse();
        assertThat(outbox.counts()).isEqualTo(counts(2, 0, Map.of(DropReason.FLAG_OFF, 2L), 0, 0));
    }

    @Test
    void countsWhatIsLeftAtTheEnd() {
        add(3);
        outbox.nextBatch();
        outbox.dropInFlight(DropReason.CLOSED);
        outbox.dropPending(DropReason.CLOSED);
        assertThat(outbox.counts()).isEqualTo(counts(3, 0, Map.of(DropReason.CLOSED, 3L), 0, 0));
    }

    @Test
    @SuppressWarnings("NullAway") // The null stands for a lack of memory.
    void countsAMetricForWhichThereIsNoMemory() {
        add(1);
        assertThatThrownBy(() -> outbox.add(null)).isInstanceOf(NullPointerException.class);
        assertThat(outbox.counts()).isEqualTo(counts(2, 0, Map.of(DropReason.FAILED, 1L), 1, 0));
    }
}
