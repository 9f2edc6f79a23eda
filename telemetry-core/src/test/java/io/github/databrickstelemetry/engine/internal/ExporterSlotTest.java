package io.github.databrickstelemetry.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ExporterSlotTest {

    private final Guard guard = new Guard(LoggerFactory.getLogger(ExporterSlotTest.class));

    @Test
    void looksAtNoMetricOfADeliveredBatch() {
        List<TelemetryMetric> batch = new ArrayList<>(Collections.nCopies(2, null)) {
            @Override
            public Object[] toArray() {
                throw new IllegalStateException("of the test");
            }

            @Override
            public Iterator<TelemetryMetric> iterator() {
                throw new IllegalStateException("of the test");
            }
        };
        ExporterSlot slot = new ExporterSlot(() -> metrics -> ExportResult.deliveredAll(metrics.size()), guard);

        assertThat(slot.export(batch).delivered()).isEqualTo(2);
        assertThat(guard.count()).isZero();
    }
}
