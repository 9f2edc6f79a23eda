package io.github.databrickstelemetry.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.config.EngineSettings;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.event.TelemetrySession;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.ExportResult.ExportError;
import io.github.databrickstelemetry.export.ExportResult.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;

/** Emitters, queue, worker, exports and snapshots at the same time, on real threads. */
class EngineStressTest {

    private static final int PRODUCERS = 3;
    private static final int STATEMENTS = 15_000;

    private final AtomicInteger exports = new AtomicInteger();
    private final AtomicLong emitted = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> wrong = new AtomicReference<>();

    @RepeatedTest(4)
    void everySnapshotAddsUpAndNothingIsLost() throws InterruptedException {
        // A queue so small that it overflows, and exports that fail now and then.
        TelemetryEngine engine = new Engines()
                .settings(new EngineSettings(256, Duration.ofSeconds(20)))
                .with((target, breaker) -> batch -> exports.incrementAndGet() % 5 == 0
                        ? ExportResult.keptAll(Outcome.FAILURE, batch, new ExportError("HttpStatus", 503))
                        : ExportResult.deliveredAll(batch.size()));
        TelemetryClient client = engine.acquire(Targets.of("a.example", Bench.settings(50, 1_000)));
        AtomicBoolean producing = new AtomicBoolean(true);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < PRODUCERS; i++) {
            threads.add(new Thread(() -> produce(client)));
        }
        Thread observer = new Thread(() -> observe(client, producing));
        observer.start();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        producing.set(false);
        observer.join();

        await().atMost(Duration.ofSeconds(30))
                .until(() -> client.statistics().events().queued() == 0);
        TelemetryStatistics statistics = client.statistics();
        Sums.hold(statistics);
        assertThat(statistics.events().emitted()).isEqualTo(emitted.get());
        engine.close();

        TelemetryStatistics last = client.statistics();
        Sums.hold(last);
        assertThat(last.events().emitted()).isEqualTo(emitted.get());
        assertThat(last.metrics().pending()).isZero();
        assertThat(last.metrics().inFlight()).isZero();
        assertThat(last.events().queued()).isZero();
        assertThat(wrong.get()).isNull();
    }

    private void produce(TelemetryClient client) {
        TelemetrySession session = client.emitter().connectionOpen(null, ConnectionDetails.UNKNOWN, 1);
        long count = 1;
        for (int i = 0; i < STATEMENTS; i++) {
            long key = client.emitter().statementStart(session, OperationType.EXECUTE_STATEMENT, StatementType.QUERY);
            if (i % 7 == 0) {
                client.emitter().cloudFetchChunk(session, key, 0, 10, true);
                count++;
            }
            client.emitter().statementComplete(session, key, i, null);
            count += 2;
        }
        emitted.addAndGet(count);
    }

    private void observe(TelemetryClient client, AtomicBoolean producing) {
        long last = 0;
        try {
            while (producing.get()) {
                TelemetryStatistics statistics = client.statistics();
                Sums.hold(statistics);
                assertThat(statistics.events().emitted()).isGreaterThanOrEqualTo(last);
                last = statistics.events().emitted();
            }
        } catch (Throwable failure) {
            wrong.set(failure);
        }
    }
}
