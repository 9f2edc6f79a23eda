package io.github.databrickstelemetry.breaker.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.breaker.BreakerStatus.BreakerState;
import io.github.databrickstelemetry.breaker.BreakerStatus.Transition;
import io.github.databrickstelemetry.breaker.internal.CircuitBreaker.Permit;
import io.github.databrickstelemetry.config.ClientSettings.CircuitBreakerSettings;
import io.github.databrickstelemetry.testing.FakeClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/** What must hold however threads interleave. */
class CircuitBreakerStressTest {

    private static final int THREADS = 8;
    private static final int ROUNDS = 20_000;

    private final FakeClock clock = new FakeClock();
    private final CircuitBreaker breaker = new CircuitBreakerRegistry(clock, new Random(3))
            .breaker("host:443", new CircuitBreakerSettings(3, Duration.ofMillis(10), 2));

    private void onAllThreads(Callable<Void> task) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(THREADS);
        try {
            CyclicBarrier start = new CyclicBarrier(THREADS);
            List<Future<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                tasks.add(executor.submit(() -> {
                    start.await();
                    return task.call();
                }));
            }
            for (Future<Void> done : tasks) {
                done.get();
            }
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void neverHasTwoProbesInFlight() throws Exception {
        AtomicInteger probing = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        LongAdder probes = new LongAdder();

        onAllThreads(() -> {
            SplittableRandom random =
                    new SplittableRandom(Thread.currentThread().getId());
            for (int i = 0; i < ROUNDS; i++) {
                try (Permit permit = breaker.tryAcquire()) {
                    if (permit == null) {
                        clock.advance(Duration.ofMillis(1));
                        continue;
                    }
                    boolean probe = permit.isProbe();
                    if (probe) {
                        probes.increment();
                        most.accumulateAndGet(probing.incrementAndGet(), Math::max);
                        Thread.onSpinWait();
                        probing.decrementAndGet();
                    }
                    switch (random.nextInt(5)) {
                        case 0 -> permit.success();
                        case 1 -> permit.close();
                        case 3 -> permit.overload(Duration.ofMillis(random.nextInt(20)));
                        // Without an outcome the permit is given back by the end of the block.
                        case 2 -> Thread.onSpinWait();
                        default -> permit.failure();
                    }
                }
            }
            return null;
        });

        assertThat(probes.sum()).as("the test has reached what it is about").isGreaterThan(100);
        assertThat(most).hasValue(1);
        List<Transition> transitions = breaker.status().transitions();
        assertThat(transitions).hasSize(10);
        for (int i = 1; i < transitions.size(); i++) {
            assertThat(transitions.get(i).from())
                    .isEqualTo(transitions.get(i - 1).to());
        }
    }

    @Test
    void losesNoPermitToExceptionsAndInterrupts() throws Exception {
        onAllThreads(() -> {
            SplittableRandom random =
                    new SplittableRandom(Thread.currentThread().getId());
            for (int i = 0; i < ROUNDS; i++) {
                try (Permit permit = breaker.tryAcquire()) {
                    if (permit == null) {
                        clock.advance(Duration.ofMillis(1));
                    } else if (random.nextBoolean()) {
                        permit.failure();
                        throw new IllegalStateException("after the answer");
                    } else {
                        Thread.currentThread().interrupt();
                        throw new InterruptedException("before the answer");
                    }
                } catch (IllegalStateException | InterruptedException expected) {
                    // The flag must not stop the other threads' barrier.
                    boolean wasInterrupted = Thread.interrupted();
                    assertThat(wasInterrupted).isEqualTo(expected instanceof InterruptedException);
                }
            }
            return null;
        });

        // If a permit were lost in the half-open state, no probe would ever pass again.
        clock.advance(Duration.ofSeconds(1));
        Objects.requireNonNull(breaker.tryAcquire(), "stuck").success();
        Objects.requireNonNull(breaker.tryAcquire(), "stuck").success();
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }
}
