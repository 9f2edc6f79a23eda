package io.github.databrickstelemetry.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.SessionMetric;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.SessionFixture;
import io.github.databrickstelemetry.export.ExportResult.ExportError;
import io.github.databrickstelemetry.export.ExportResult.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExportResultTest {

    private final TelemetryMetric one = metric();
    private final TelemetryMetric other = metric();

    private static TelemetryMetric metric() {
        return new SessionMetric(
                "id", SessionFixture.session("session", ConnectionDetails.UNKNOWN), 1, OperationType.CREATE_SESSION, 1);
    }

    private static ExportResult keptAll(TelemetryMetric... kept) {
        return ExportResult.keptAll(Outcome.FAILURE, List.of(kept), new ExportError("x", 0));
    }

    @Test
    void accountsForABatchIfEachMetricHasOnePlace() {
        List<TelemetryMetric> batch = List.of(one, other);
        assertThat(keptAll(one, other).accountsFor(batch)).isTrue();
        assertThat(keptAll(other, one).accountsFor(batch)).isTrue();
        assertThat(keptAll(one).accountsFor(batch)).isFalse();
        assertThat(keptAll(one, one).accountsFor(batch)).isFalse();
        assertThat(keptAll(one, metric()).accountsFor(batch))
                .as("an equal metric is another one")
                .isFalse();
        assertThat(new ExportResult(Outcome.SUCCESS, 3, -1, 0, 0, List.of(), null, 0).accountsFor(batch))
                .isFalse();
    }

    @Test
    void looksAtNoMetricOfADeliveredBatch() {
        List<TelemetryMetric> batch = new ArrayList<>(Collections.nCopies(2, one)) {
            @Override
            public Object[] toArray() {
                throw new IllegalStateException("of the test");
            }

            @Override
            public Iterator<TelemetryMetric> iterator() {
                throw new IllegalStateException("of the test");
            }
        };
        assertThat(ExportResult.deliveredAll(2).accountsFor(batch)).isTrue();
    }
}
