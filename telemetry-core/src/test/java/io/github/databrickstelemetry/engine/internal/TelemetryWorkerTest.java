package io.github.databrickstelemetry.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
