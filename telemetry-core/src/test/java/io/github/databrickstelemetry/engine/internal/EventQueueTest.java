package io.github.databrickstelemetry.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.SessionFixture;
import io.github.databrickstelemetry.event.TelemetryEvent;
import io.github.databrickstelemetry.event.TelemetryEvent.ConnectionOpen;
import io.github.databrickstelemetry.runtime.internal.ManualClock;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EventQueueTest {

    private final AtomicInteger woken = new AtomicInteger();
    private final ManualClock clock = new ManualClock();
    private final EventQueue queue = new EventQueue(16, clock, woken::incrementAndGet);

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
        queue.sleepUntil(1, false);
        offer(5);
        assertThat(woken).hasValue(1);
    }

    @Test
    void aNappingWorkerIsWokenWhenTheQueueFillsUp() {
        offer(3);
        while (queue.pollEvent(false) != null) {
            assertThat(woken).hasValue(0);
        }
        queue.sleepUntil(4, false);
        offer(3);
        assertThat(woken).hasValue(0);
        offer(1);
        assertThat(woken).hasValue(1);
        offer(4);
        assertThat(woken).hasValue(1);
    }

    @Test
    void aMessageAlwaysWakes() {
        queue.sleepUntil(4, false);
        queue.post(() -> {});
        assertThat(woken).hasValue(1);
    }

    @Test
    void aQuietMessageWaitsForTheEndOfANap() {
        queue.sleepUntil(4, true);
        queue.postQuietly(() -> {});
        assertThat(woken).hasValue(0);
        queue.post(() -> {});
        assertThat(woken).hasValue(1);
    }

    @Test
    void aQuietMessageEndsALongSleep() {
        queue.sleepUntil(1, false);
        queue.postQuietly(() -> {});
        assertThat(woken).hasValue(1);
    }

    @Test
    void theWorkerDoesNotSleepWhenSomethingCameJustBefore() {
        offer(1);
        queue.sleepUntil(1, false);
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
        assertThat(new EventQueue(17, clock, () -> {}).capacity()).isEqualTo(32);
    }

    @Test
    void aSlotThatIsClaimedButNeverFilledIsGivenUp() {
        offer(1);
        queue.claim();
        offer(2);
        assertThat(queue.pollEvent(true)).isNotNull();
        assertThat(queue.pollEvent(true)).isNull();
        assertThat(queue.isStuck()).isTrue();

        clock.advance(Duration.ofMillis(EventQueue.GIVE_UP_MILLIS));
        assertThat(queue.pollEvent(true)).isNotNull();
        assertThat(queue.pollEvent(false)).isNotNull();
        assertThat(queue.pollEvent(false)).isNull();
        assertThat(queue.isStuck()).isFalse();
        assertThat(queue.maySleep(1)).isTrue();
        assertThat(queue.givenUp()).isEqualTo(1);
    }

    @Test
    void aSlotThatWasGivenUpIsUsedAgain() {
        for (int round = 0; round < 50; round++) {
            queue.claim();
            offer(15);
            assertThat(queue.offer(event(99))).as("full").isFalse();
            assertThat(queue.pollEvent(false)).isNull();
            clock.advance(Duration.ofMillis(EventQueue.GIVE_UP_MILLIS));
            for (int i = 0; i < 15; i++) {
                assertThat(queue.pollEvent(false)).isNotNull();
            }
            assertThat(queue.pollEvent(false)).isNull();
        }
    }

    @Test
    void aWakeThatFailsIsRepeatedByTheNextEvent() {
        AtomicInteger attempts = new AtomicInteger();
        EventQueue failing = new EventQueue(16, clock, () -> {
            if (attempts.incrementAndGet() == 1) {
                throw new StackOverflowError();
            }
        });
        failing.sleepUntil(1, false);
        assertThat(failing.offer(event(1))).as("the event is there").isTrue();
        assertThat(failing.offer(event(2))).isTrue();
        assertThat(failing.offer(event(3))).isTrue();
        assertThat(attempts).hasValue(2);
    }

    @Test
    void countsWhatWaitsByOwnerAndType() {
        assertThat(queue.waiting()).isEmpty();
        TelemetryEvent event = event(1);
        queue.offer(event);
        queue.claim();
        queue.offer(event);
        long[] counts =
                Objects.requireNonNull(queue.waiting().get(event.session().owner()));
        assertThat(counts).containsOnlyOnce(2).contains(0);
    }

    @Test
    void manyProducersLoseNothing() throws InterruptedException {
        EventQueue busy = new EventQueue(64, TelemetryClock.SYSTEM, () -> {});
        int producers = 4;
        int each = 50_000;
        AtomicLong taken = new AtomicLong();
        AtomicLong refused = new AtomicLong();
        List<Thread> threads = new ArrayList<>();
        TelemetryEvent event = event(1);
        for (int i = 0; i < producers; i++) {
            threads.add(new Thread(() -> {
                for (int n = 0; n < each; n++) {
                    if (!busy.offer(event)) {
                        refused.incrementAndGet();
                    }
                }
            }));
        }
        AtomicBoolean producing = new AtomicBoolean(true);
        Thread consumer = new Thread(() -> {
            while (producing.get() || !busy.waiting().isEmpty()) {
                if (busy.pollEvent(false) != null) {
                    taken.incrementAndGet();
                }
            }
        });
        consumer.start();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        producing.set(false);
        consumer.join();
        assertThat(taken.get() + refused.get()).isEqualTo((long) producers * each);
        assertThat(busy.givenUp()).isZero();
    }
}
