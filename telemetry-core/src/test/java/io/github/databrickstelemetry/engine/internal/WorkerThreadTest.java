package io.github.databrickstelemetry.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.github.databrickstelemetry.runtime.internal.Guard;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class WorkerThreadTest {

    private final AtomicLong rounds = new AtomicLong();
    private final AtomicInteger inRound = new AtomicInteger();
    private final AtomicInteger mostInRound = new AtomicInteger();
    private final WorkerThread worker =
            new WorkerThread(this::round, Thread::new, new Guard(LoggerFactory.getLogger(WorkerThreadTest.class)));

    private void round() {
        mostInRound.accumulateAndGet(inRound.incrementAndGet(), Math::max);
        rounds.incrementAndGet();
        inRound.decrementAndGet();
    }

    /** An interrupted caller does not wait, so each start meets a thread that ends, has ended, or has not noticed. */
    private void suspendWithoutWaiting() {
        Thread.currentThread().interrupt();
        try {
            worker.suspend(1);
        } catch (InterruptedException expected) {
            return;
        }
        Thread.interrupted();
    }

    @Test
    void eachStartAfterASuspendHasOneThreadThatGoesOn() {
        worker.start();
        try {
            assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
                for (int i = 0; i < 200; i++) {
                    suspendWithoutWaiting();
                    worker.resume();
                    long seen = rounds.get();
                    while (rounds.get() <= seen + 1) {
                        Thread.onSpinWait();
                    }
                }
            });
        } finally {
            worker.stop();
        }
        assertThat(mostInRound).hasValue(1);
    }
}
