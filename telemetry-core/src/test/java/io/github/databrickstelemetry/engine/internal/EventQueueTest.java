package io.github.databrickstelemetry.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.SessionFixture;
import io.github.databrickstelemetry.event.TelemetryEvent;
import io.github.databrickstelemetry.event.TelemetryEvent.ConnectionOpen;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EventQueueTest {

    private final AtomicInteger woken = new AtomicInteger();
    private final EventQueue queue = new EventQueue(16, woken::incrementAndGet);

    private static TelemetryEvent event(int number) {
        return new ConnectionOpen(SessionFixture.session("s", ConnectionDetails.UNKNOWN), number, 1);
    }

    private void offer(int count) {
        for (int i = 0; i < count; i++) {
            assertThat(queue.offer(event(i))).isTrue();
        }
    }

    @Test
    void nobodyIsWokenWhileTheWorkerIsAwake() {
        offer(16);
        assertThat(woken).hasValue(0);
    }

    @Test
    void anIdleWorkerIsWokenByTheFirstEventOnly() {
        queue.sleepUntil(1);
        offer(5);
        assertThat(woken).hasValue(1);
    }

    @Test
    void aNappingWorkerIsWokenWhenTheQueueFillsUp() {
        offer(3);
        while (queue.pollEvent(false) != null) {
            assertThat(woken).hasValue(0);
        }
        queue.sleepUntil(4);
        offer(3);
        assertThat(woken).hasValue(0);
        offer(1);
        assertThat(woken).hasValue(1);
        offer(4);
        assertThat(woken).hasValue(1);
    }

    @Test
    void aMessageAlwaysWakes() {
        queue.sleepUntil(4);
        queue.post(() -> {});
        assertThat(woken).hasValue(1);
    }

    @Test
    void theWorkerDoesNotSleepWhenSomethingCameJustBefore() {
        offer(1);
        queue.sleepUntil(1);
        assertThat(queue.maySleep(1)).isFalse();
        assertThat(queue.maySleep(4)).isTrue();
        queue.post(() -> {});
        assertThat(queue.maySleep(4)).isFalse();
    }

    @Test
    void aFullQueueRefusesAtOnce() {
        offer(16);
        assertThat(queue.offer(event(17))).isFalse();
        assertThat(queue.pollEvent(true)).isNotNull();
        assertThat(queue.offer(event(18))).isTrue();
    }

    @Test
    void aClosedQueueRefusesAndCanBeEmptied() {
        offer(2);
        queue.close();
        assertThat(queue.offer(event(3))).isFalse();
        assertThat(queue.pollEvent(true)).isNotNull();
        assertThat(queue.pollEvent(true)).isNotNull();
        assertThat(queue.pollEvent(true)).isNull();
    }

    @Test
    void theCapacityIsAPowerOfTwo() {
        assertThat(new EventQueue(17, () -> {}).capacity()).isEqualTo(32);
    }
}
