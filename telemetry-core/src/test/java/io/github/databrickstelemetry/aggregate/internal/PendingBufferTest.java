package io.github.databrickstelemetry.aggregate.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.ErrorMetric;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.SessionMetric;
import io.github.databrickstelemetry.event.ErrorDetails;
import io.github.databrickstelemetry.event.ErrorDetails.ErrorKind;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.TelemetrySession;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PendingBufferTest {

    private static final long ANY_SIZE = Long.MAX_VALUE;

    private final TelemetrySession session = Events.session();
    private final PendingBuffer buffer = new PendingBuffer(4, PendingBuffer.MAX_BYTES);

    private TelemetryMetric plain(String id) {
        return new SessionMetric(id, session, 1, OperationType.CREATE_SESSION, 1);
    }

    private TelemetryMetric error(String id) {
        return new ErrorMetric(id, session, 1, null, Events.OTHER);
    }

    private List<String> drain() {
        return nextBatch(100, ANY_SIZE).stream().map(TelemetryMetric::eventId).toList();
    }

    private List<TelemetryMetric> nextBatch(int count, long bytes) {
        List<TelemetryMetric> batch = new ArrayList<>();
        buffer.nextBatch(count, bytes, metric -> false, batch);
        return batch;
    }

    @Test
    void givesMetricsBackInTheirOrder() {
        buffer.add(plain("a"));
        buffer.add(error("b"));
        buffer.add(plain("c"));
        buffer.add(error("d"));
        assertThat(drain()).containsExactly("a", "b", "c", "d");
        assertThat(buffer.size()).isZero();
    }

    @Test
    void dropsTheOldestWithoutAnErrorWhenFull() {
        buffer.add(error("a"));
        buffer.add(plain("b"));
        buffer.add(plain("c"));
        buffer.add(plain("d"));
        assertThat(buffer.add(plain("e"))).isEqualTo(1);
        assertThat(buffer.add(error("f"))).isEqualTo(1);
        assertThat(drain()).containsExactly("a", "d", "e", "f");
    }

    @Test
    void dropsTheOldestErrorOnlyWhenThereAreOnlyErrors() {
        for (String id : List.of("a", "b", "c", "d")) {
            assertThat(buffer.add(error(id))).isZero();
        }
        assertThat(buffer.add(error("e"))).isEqualTo(1);
        assertThat(buffer.add(plain("f"))).isEqualTo(1);
        assertThat(drain()).containsExactly("b", "c", "d", "e");
    }

    @Test
    void handsOutBatchesByCount() {
        buffer.add(plain("a"));
        buffer.add(plain("b"));
        buffer.add(plain("c"));
        assertThat(nextBatch(2, ANY_SIZE)).extracting(TelemetryMetric::eventId).containsExactly("a", "b");
        assertThat(drain()).containsExactly("c");
        assertThat(drain()).isEmpty();
    }

    @Test
    void handsOutBatchesByBytes() {
        ErrorDetails large = new ErrorDetails(ErrorKind.OTHER, "E", null, 0, 0, "x".repeat(10_000), null);
        buffer.add(new ErrorMetric("a", session, 1, null, large));
        buffer.add(new ErrorMetric("b", session, 1, null, large));
        buffer.add(error("c"));
        assertThat(nextBatch(100, 15_000)).hasSize(1);
        assertThat(nextBatch(100, 15_000)).hasSize(2);
    }

    @Test
    void handsOutOneMetricHoweverLarge() {
        buffer.add(plain("a"));
        buffer.add(plain("b"));
        assertThat(nextBatch(100, 1)).hasSize(1);
    }

    @Test
    void takesKeptMetricsBackToTheFront() {
        buffer.add(plain("a"));
        buffer.add(error("b"));
        buffer.add(plain("c"));
        List<TelemetryMetric> batch = nextBatch(2, ANY_SIZE);
        buffer.add(plain("d"));
        assertThat(buffer.putBack(batch)).isZero();
        assertThat(drain()).containsExactly("a", "b", "c", "d");
    }

    @Test
    void staysBoundedWhenKeptMetricsComeBack() {
        buffer.add(plain("a"));
        buffer.add(error("b"));
        List<TelemetryMetric> batch = nextBatch(2, ANY_SIZE);
        for (String id : List.of("c", "d", "e", "f")) {
            buffer.add(plain(id));
        }
        assertThat(buffer.putBack(batch)).isEqualTo(2);
        assertThat(drain()).containsExactly("b", "d", "e", "f");
    }

    @Test
    @SuppressWarnings("NullAway") // The null stands for a lack of memory half way.
    void changesNothingWhenMetricsCannotAllBePutBack() {
        buffer.add(error("a"));
        buffer.add(plain("b"));
        long bytes = buffer.bytes();
        List<TelemetryMetric> kept = Arrays.asList(null, error("x"), plain("y"));
        assertThatThrownBy(() -> buffer.putBack(kept)).isInstanceOf(NullPointerException.class);
        assertThat(buffer.bytes()).isEqualTo(bytes);
        assertThat(drain()).containsExactly("a", "b");
    }

    @Test
    void knowsWhatWasThereAtAMark() {
        buffer.add(plain("a"));
        long mark = buffer.mark();
        buffer.add(plain("b"));
        assertThat(buffer.hasBefore(mark)).isTrue();
        nextBatch(1, ANY_SIZE);
        assertThat(buffer.hasBefore(mark)).isFalse();
        assertThat(buffer.hasBefore(buffer.mark())).isTrue();
    }

    @Test
    void clearsAndCounts() {
        buffer.add(plain("a"));
        buffer.add(error("b"));
        assertThat(buffer.clear()).isEqualTo(2);
        assertThat(buffer.size()).isZero();
        assertThat(buffer.hasBefore(Long.MAX_VALUE)).isFalse();
    }

    @Test
    void isBoundedByBytesToo() {
        PendingBuffer small = new PendingBuffer(1_000, 100_000);
        int dropped = 0;
        for (int i = 0; i < 100; i++) {
            dropped += small.add(large(i));
        }
        assertThat(small.bytes()).isBetween(50_000L, 100_000L);
        assertThat(small.size() + dropped).isEqualTo(100);
        assertThat(dropped).isPositive();

        List<TelemetryMetric> rest = new ArrayList<>();
        small.nextBatch(100, ANY_SIZE, metric -> false, rest);
        assertThat(rest).extracting(TelemetryMetric::eventId).last().isEqualTo("99");
        assertThat(small.bytes()).isZero();
    }

    /** 10,000 metrics are what an application has without messages: they fit. */
    @Test
    void tenThousandMetricsWithoutMessagesFit() {
        PendingBuffer usual = new PendingBuffer(10_000, PendingBuffer.MAX_BYTES);
        int dropped = 0;
        for (int i = 0; i < 10_000; i++) {
            dropped += usual.add(error(i, "java.sql.SQLException", null));
        }
        assertThat(dropped).isZero();
    }

    private static TelemetryMetric large(int number) {
        return error(number, "x", "m".repeat(4_096));
    }

    private static TelemetryMetric error(int number, String exceptionClass, @Nullable String message) {
        ErrorDetails details = new ErrorDetails(ErrorKind.OTHER, exceptionClass, null, 0, 0, null, message);
        return new ErrorMetric(Integer.toString(number), Events.session(), 0, null, details);
    }

    @Test
    void aMetricThatGoesAloneSharesABatchWithNoOther() {
        for (String id : List.of("a", "b", "c")) {
            buffer.add(plain(id));
        }
        List<List<String>> batches = new ArrayList<>();
        while (buffer.size() > 0) {
            List<TelemetryMetric> batch = new ArrayList<>();
            buffer.nextBatch(10, ANY_SIZE, metric -> metric.eventId().equals("b"), batch);
            batches.add(batch.stream().map(TelemetryMetric::eventId).toList());
        }
        assertThat(batches).containsExactly(List.of("a"), List.of("b"), List.of("c"));
    }
}
