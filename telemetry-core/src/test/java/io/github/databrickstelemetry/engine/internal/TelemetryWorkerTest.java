package io.github.databrickstelemetry.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.EventOwner;
import io.github.databrickstelemetry.event.TelemetryEvent;
import io.github.databrickstelemetry.event.TelemetryEvent.ConnectionOpen;
import io.github.databrickstelemetry.event.TelemetrySession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class TelemetryWorkerTest {

    private final Bench bench = new Bench(64);
    private final List<String> attempts = new ArrayList<>();

    private boolean failsOnce(String what) {
        attempts.add(what);
        if (attempts.stream().filter(what::equals).count() == 1) {
            throw new OutOfMemoryError("of the test");
        }
        return true;
    }

    @Test
    void anEndThatFailsIsTriedAgain() {
        long deadline = bench.clock.nanoTime() + 1;
        bench.worker.stopWhen(() -> failsOnce("closing"), () -> failsOnce("last act"), deadline);
        for (int round = 0; round < 4; round++) {
            bench.guard.run("a round", bench.worker::step);
        }
        assertThat(attempts).containsExactly("closing", "closing", "last act", "closing", "last act");
        assertThat(bench.worker.thread().hasStopped()).isTrue();
    }

    @Test
    void settlesAllSoonAfterAnEventThatFails() {
        EventOwner failing = new EventOwner() {
            @Override
            public boolean takesEvents() {
                return true;
            }

            @Override
            public void offer(TelemetryEvent event) {}

            @Override
            public void accept(TelemetryEvent event) {
                throw new OutOfMemoryError("of the test");
            }
        };
        TelemetrySession session = new TelemetrySession(failing, "s", ConnectionDetails.UNKNOWN);
        bench.worker.queue().offer(new ConnectionOpen(session, 1, 1));
        bench.worker.step();
        assertThat(bench.guard.count()).isEqualTo(1);
        assertThat(bench.worker.nanosUntilDue(bench.clock.nanoTime()))
                .isEqualTo(Duration.ofSeconds(1).toNanos());
    }

    @Test
    void countsTheFailureOfAReadThatRunsLate() {
        CountDownLatch stuck = new CountDownLatch(1);
        bench.worker.post(() -> bench.guard.run("waiting", stuck::await));
        bench.worker.thread().start();
        bench.worker.runAndWait(() -> failsOnce("reading"));
        assertThat(bench.guard.count()).isZero();

        stuck.countDown();
        await().untilAsserted(() -> assertThat(bench.guard.count()).isEqualTo(1));
        bench.worker.thread().stop();
        bench.worker.thread().unpark();
    }

    @Test
    void endsASecondAfterTheDeadlineThoughItMayNot() {
        long deadline = bench.clock.nanoTime() + 1;
        bench.worker.stopWhen(() -> false, () -> attempts.add("last act"), deadline);
        bench.pass(Duration.ofMillis(999));
        assertThat(bench.worker.thread().hasStopped()).isFalse();
        assertThat(bench.worker.nanosUntilDue(bench.clock.nanoTime())).isEqualTo(1_000_001);

        bench.pass(Duration.ofMillis(2));
        assertThat(attempts).containsExactly("last act");
        assertThat(bench.worker.thread().hasStopped()).isTrue();
    }
}
