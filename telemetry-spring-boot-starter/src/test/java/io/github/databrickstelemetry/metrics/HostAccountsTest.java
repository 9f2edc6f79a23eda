package io.github.databrickstelemetry.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.AnyEngine;
import io.github.databrickstelemetry.AnyTarget;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.engine.internal.TelemetryEngine;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.EventType;
import io.github.databrickstelemetry.event.TelemetryEventEmitter;
import io.github.databrickstelemetry.export.ExportResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HostAccountsTest {

    private final TelemetryEngine engine =
            AnyEngine.with((target, breaker) -> batch -> ExportResult.deliveredAll(batch.size()));
    private final List<TelemetryClient> live = new ArrayList<>();
    private final HostAccounts accounts = new HostAccounts(() -> List.copyOf(live), System::nanoTime, 0);

    @AfterEach
    void close() {
        engine.close();
    }

    /** A client whose snapshots a test can watch and delay. */
    private static final class Watched implements TelemetryClient {
        private final TelemetryClient client;
        private final CountDownLatch asked = new CountDownLatch(1);
        private CountDownLatch mayAnswer = new CountDownLatch(0);

        Watched(TelemetryClient client) {
            this.client = client;
        }

        @Override
        public TelemetryStatistics statistics() {
            asked.countDown();
            try {
                assertThat(mayAnswer.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            return client.statistics();
        }

        @Override
        public String host() {
            return client.host();
        }

        @Override
        public TelemetryEventEmitter emitter() {
            return client.emitter();
        }

        @Override
        public void flush() {}

        @Override
        public void pause() {}

        @Override
        public void resume() {}
    }

    private Watched client() {
        TelemetryClient client = engine.acquire(AnyTarget.at("prod.example.com"));
        return new Watched(client);
    }

    @Test
    void addingAClientDoesNotWaitForASnapshotOfAnother() throws Exception {
        Watched slow = client();
        slow.mayAnswer = new CountDownLatch(1);
        live.add(slow);
        accounts.add(slow);
        CompletableFuture<HostAccounts.View> view = CompletableFuture.supplyAsync(accounts::view);
        assertThat(slow.asked.await(30, TimeUnit.SECONDS)).isTrue();

        // The worker would do this, and could not answer before it has.
        CompletableFuture.runAsync(() -> accounts.add(client())).get(20, TimeUnit.SECONDS);

        slow.mayAnswer.countDown();
        assertThat(view.get(30, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void clientsThatCloseDoNotPileUpWhenNobodyReads() {
        // All of them show the counts of the same client, which has one event.
        Watched first = client();
        first.emitter().connectionOpen("s", ConnectionDetails.UNKNOWN, 1);
        accounts.add(first);
        for (int i = 0; i < 100; i++) {
            accounts.add(client());
        }

        assertThat(first.asked.getCount()).as("folded in").isZero();
        assertThat(accounts.view().totals().events(EventType.CONNECTION_OPEN)).isEqualTo(101);
    }
}
