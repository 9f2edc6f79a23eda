package io.github.databrickstelemetry.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryListener;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.event.TelemetrySession;
import io.github.databrickstelemetry.export.ExportResult;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Threads that run out of stack, and a worker that runs out of memory. */
class ExhaustionTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final RecordingExporter exporter = new RecordingExporter();
    private final TelemetryEngine engine = new Engines().with((target, breaker) -> exporter);
    private final TelemetryClient client = engine.acquire(Targets.of("a.example"));

    @AfterEach
    void close() {
        engine.close();
    }

    private void deliversAgain() {
        long before = client.statistics().metrics().delivered();
        client.emitter().connectionOpen("s", ConnectionDetails.UNKNOWN, 1);
        client.flush();
        await().atMost(SOON).until(() -> client.statistics().metrics().delivered() > before);
    }

    /** Emits at every depth until the stack overflows, with frames of two sizes. */
    private static final class Diver implements Runnable {
        private final TelemetryClient client;
        private final TelemetrySession session;
        private final boolean wide;

        Diver(TelemetryClient client, TelemetrySession session, boolean wide) {
            this.client = client;
            this.session = session;
            this.wide = wide;
        }

        @Override
        public void run() {
            for (int i = 0; i < 50; i++) {
                try {
                    if (wide) {
                        dive(1, 2, 3, 4, 5, 6);
                    } else {
                        dive();
                    }
                } catch (StackOverflowError expected) {
                    Thread.onSpinWait();
                }
            }
        }

        private void emit() {
            long key = client.emitter().statementStart(session, OperationType.EXECUTE_STATEMENT, StatementType.QUERY);
            client.emitter().statementComplete(session, key, 1, null);
        }

        @SuppressWarnings("InfiniteRecursion") // Until the stack ends: that is the test.
        private void dive() {
            emit();
            dive();
        }

        @SuppressWarnings("InfiniteRecursion")
        private long dive(long a, long b, long c, long d, long e, long f) {
            emit();
            return dive(b, c, d, e, f, a) + a;
        }
    }

    @Test
    void aStackOverflowInsideAnEmitLeavesNothingBehind() throws InterruptedException {
        TelemetrySession session = client.emitter().connectionOpen("s", ConnectionDetails.UNKNOWN, 1);
        Thread[] threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(null, new Diver(client, session, i % 2 == 0), "diver", 256 << 10);
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(client.statistics().events().emitted()).isGreaterThan(10_000);
        await().atMost(SOON).until(() -> client.statistics().events().queued() == 0);
        Sums.hold(client.statistics());
        deliversAgain();
    }

    @Test
    void anOutOfMemoryErrorOnTheWorkerCostsNoMoreThanTheMetric() {
        AtomicInteger rounds = new AtomicInteger();
        engine.addListener(new TelemetryListener() {
            @Override
            public void onMetric(String host, TelemetryMetric metric) {
                if (rounds.incrementAndGet() % 2 == 0) {
                    throw new OutOfMemoryError("Java heap space");
                }
            }
        });
        for (int i = 0; i < 100; i++) {
            deliversAgain();
        }
        Sums.hold(client.statistics());
        assertThat(client.statistics().metrics().delivered()).isEqualTo(100);
    }

    @Test
    void anOutOfMemoryErrorInAnExportKeepsItsMetrics() {
        AtomicLong failures = new AtomicLong(5);
        exporter.answer(batch -> {
            if (failures.getAndDecrement() > 0) {
                throw new OutOfMemoryError("Java heap space");
            }
            return ExportResult.deliveredAll(batch.size());
        });
        client.emitter().connectionOpen("s", ConnectionDetails.UNKNOWN, 1);
        await().atMost(SOON).until(() -> {
            client.flush();
            return client.statistics().metrics().delivered() == 1;
        });
        TelemetryStatistics statistics = client.statistics();
        Sums.hold(statistics);
        assertThat(statistics.metrics().made()).isEqualTo(1);
    }
}
