package io.github.databrickstelemetry.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.runtime.internal.TelemetryThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EngineLifecycleTest {

    private final Bench bench = new Bench(64);

    @Test
    void theWorkerEndsThoughBeginningToCloseFails() throws InterruptedException {
        EngineLifecycle lifecycle = new EngineLifecycle(
                bench.worker,
                new ExportThreads(bench.guard),
                new TelemetryThreads("worker", bench.guard),
                bench.clock,
                Duration.ofSeconds(5),
                bench.guard);
        lifecycle.start();
        List<String> ended = new ArrayList<>();
        lifecycle.close();
        lifecycle.end(
                deadline -> {
                    throw new OutOfMemoryError("of the test");
                },
                deadline -> {},
                () -> ended.add("done"));
        assertThat(ended).containsExactly("done");
        assertThat(bench.worker.thread().hasStopped()).isTrue();
    }

    @Test
    void anEndThatFailsIsTriedAgain() {
        List<String> ended = new ArrayList<>();
        bench.worker.stopWhenEmpty(() -> {}, () -> {
            ended.add("done");
            if (ended.size() == 1) {
                throw new OutOfMemoryError("of the test");
            }
        });
        for (int round = 0; round < 3; round++) {
            bench.guard.run("a round", bench.worker::step);
        }
        assertThat(ended).hasSize(2);
    }
}
