package io.github.databrickstelemetry.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;

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
        bench.worker.stopWhen(() -> failsOnce("closing"), () -> failsOnce("last act"));
        for (int round = 0; round < 4; round++) {
            bench.guard.run("a round", bench.worker::step);
        }
        assertThat(attempts).containsExactly("closing", "closing", "last act", "closing", "last act");
        assertThat(bench.worker.thread().hasStopped()).isTrue();
    }
}
