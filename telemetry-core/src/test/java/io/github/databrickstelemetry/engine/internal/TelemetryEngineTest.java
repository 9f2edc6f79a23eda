package io.github.databrickstelemetry.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.github.databrickstelemetry.aggregate.DropReason;
import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.client.ClientStatus;
import io.github.databrickstelemetry.client.HostTotals;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryListener;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.config.EngineSettings;
import io.github.databrickstelemetry.config.TlsSettings;
import io.github.databrickstelemetry.config.TransportSettings;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.event.TelemetrySession;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.TelemetryExporter;
import io.github.databrickstelemetry.runtime.internal.ManualClock;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import io.github.databrickstelemetry.testing.LogWatch;
import io.github.databrickstelemetry.workspace.CredentialSource;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TelemetryEngineTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final Set<Thread> before = Thread.getAllStackTraces().keySet();
    private final Map<String, RecordingExporter> exporters = new ConcurrentHashMap<>();
    private final CountDownLatch hang = new CountDownLatch(1);
    private final TelemetryEngine engine = engine(Duration.ofSeconds(20));

    private TelemetryEngine engine(Duration closeTimeout) {
        return new Engines()
                .settings(new EngineSettings(8192, closeTimeout))
                .with((target, breaker) -> exporter(target.host().host()));
    }

    private RecordingExporter exporter(String host) {
        return exporters.computeIfAbsent(host, key -> new RecordingExporter());
    }

    private Set<Thread> threads() {
        Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        threads.removeAll(before);
        threads.removeIf(thread -> !thread.getName().startsWith("databricks-telemetry-"));
        return threads;
    }

    @AfterEach
    void leavesNoThreadBehind() {
        hang.countDown();
        engine.close();
        await().atMost(SOON).untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    private static void emitStatement(TelemetryClient client) {
        TelemetrySession session = client.emitter().connectionOpen("s", ConnectionDetails.UNKNOWN, 1_000);
        long key = client.emitter().statementStart(session, OperationType.EXECUTE_STATEMENT, StatementType.QUERY);
        client.emitter().statementComplete(session, key, 1_000_000, null);
    }

    /** Hangs and does not care for interrupts, as a native call would. */
    private ExportResult hangs(List<TelemetryMetric> batch) {
        boolean interrupted = false;
        while (true) {
            try {
                hang.await();
                break;
            } catch (InterruptedException ignored) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return ExportResult.deliveredAll(batch.size());
    }

    @Test
    void deliversAFlushedStatement() {
        TelemetryClient client = engine.acquire(Targets.of("a.example"));
        emitStatement(client);

        client.flush();

        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(client.statistics().metrics().delivered()).isEqualTo(2));
        TelemetryStatistics statistics = client.statistics();
        assertThat(statistics.events().emitted()).isEqualTo(3);
        assertThat(statistics.events().aggregated()).isEqualTo(3);
        assertThat(exporter("a.example").delivered()).hasSize(2);
    }

    @Test
    void deliversEverythingOnClose() {
        emitStatement(engine.acquire(Targets.of("a.example")));

        engine.close();

        assertThat(exporter("a.example").delivered()).hasSize(2);
        await().atMost(SOON).until(exporter("a.example")::isClosed);
    }

    @Test
    void hasNoThreadBeforeTheFirstClient() {
        assertThat(threads()).isEmpty();
        engine.acquire(Targets.of("a.example"));
        assertThat(threads()).hasSize(1).allMatch(Thread::isDaemon);
    }

    @Test
    void restsBetweenEventsAlsoWithTheSmallestQueue() {
        // Time stands still, so that it does not count as idle however long this takes.
        TelemetryEngine small = new Engines()
                .settings(new EngineSettings(2, Duration.ofSeconds(20)))
                .clock(new ManualClock())
                .with((target, breaker) -> exporter(target.host().host()));
        TelemetryClient client = small.acquire(Targets.of("a.example"));
        Thread worker = threads().iterator().next();
        await().atMost(SOON).until(() -> worker.getState() == Thread.State.TIMED_WAITING);

        client.emitter().connectionOpen("s", ConnectionDetails.UNKNOWN, 1_000);
        client.flush();

        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(exporter("a.example").delivered()).hasSize(1));
        small.close();
    }

    @Test
    void sharesOneClientPerHostAndPrincipal() {
        ClientSettings settings = ClientSettings.DEFAULTS;
        TelemetryClient one = engine.acquire(Targets.of("A.example.", "p", settings));
        assertThat(engine.acquire(Targets.of("https://a.example:443/", "p", settings))
                        .emitter())
                .isSameAs(one.emitter());
        assertThat(engine.clients()).hasSize(1);
        engine.acquire(Targets.of("a.example", "q", settings));
        engine.acquire(Targets.of("a.example:444", "p", settings));
        assertThat(engine.clients())
                .hasSize(3)
                .extracting(TelemetryClient::emitter)
                .doesNotHaveDuplicates();
    }

    @Test
    void sharesNoClientBetweenTargetsThatVerifyTheHostAndThoseThatDoNot() {
        TelemetryTarget strict = Targets.of("a.example");
        TelemetryTarget loose = new TelemetryTarget(
                strict.host(),
                true,
                strict.credentials(),
                new TransportSettings(null, new TlsSettings.Unverified()),
                null,
                null,
                strict.settings());

        assertThat(engine.acquire(strict).emitter())
                .isNotSameAs(engine.acquire(loose).emitter());
    }

    @Test
    void closesAClientWithItsLastReference() {
        TelemetryClient client = engine.acquire(Targets.of("a.example"));
        TelemetryClient other = engine.acquire(Targets.of("a.example"));
        emitStatement(client);

        engine.release(client);
        assertThat(client.emitter().isEnabled()).isTrue();
        assertThat(engine.clients()).hasSize(1);

        engine.release(other);
        assertThat(client.emitter().isEnabled()).isFalse();
        await().atMost(SOON).until(() -> engine.clients().isEmpty());
        assertThat(exporter("a.example").delivered()).hasSize(2);
        assertThat(client.statistics().status()).isEqualTo(ClientStatus.CLOSED);
    }

    @Test
    void makesANewClientAfterTheLastRelease() {
        TelemetryClient old = engine.acquire(Targets.of("a.example"));
        engine.release(old);
        TelemetryClient next = engine.acquire(Targets.of("a.example"));
        assertThat(next.emitter()).isNotSameAs(old.emitter());
        assertThat(next.emitter().isEnabled()).isTrue();
    }

    @Test
    void doesNotMindReleasesThatDoNotBalance() {
        TelemetryClient client = engine.acquire(Targets.of("a.example"));
        engine.release(client);
        engine.release(client);
        TelemetryClient next = engine.acquire(Targets.of("a.example"));
        engine.release(client);
        assertThat(next.emitter().isEnabled()).isTrue();
    }

    @Test
    void aHolderWhoReleasesTwiceTakesNothingFromAnother() {
        TelemetryClient twice = engine.acquire(Targets.of("a.example"));
        TelemetryClient other = engine.acquire(Targets.of("a.example"));

        engine.release(twice);
        engine.release(twice);
        assertThat(other.emitter().isEnabled()).isTrue();

        engine.release(other);
        await().atMost(SOON).until(() -> engine.clients().isEmpty());
    }

    @Test
    void nobodyCanReleaseWhatOthersHold() {
        TelemetryClient held = engine.acquire(Targets.of("a.example"));
        engine.clients().forEach(engine::release);
        assertThat(held.emitter().isEnabled()).isTrue();
        assertThat(engine.clients()).hasSize(1);
    }

    @Test
    void neverHandsOutAClosingClient() throws InterruptedException {
        AtomicInteger dead = new AtomicInteger();
        List<Thread> racers = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            Thread racer = new Thread(() -> {
                for (int i = 0; i < 2_000; i++) {
                    TelemetryClient client = engine.acquire(Targets.of("a.example"));
                    if (!client.emitter().isEnabled()) {
                        dead.incrementAndGet();
                    }
                    engine.release(client);
                }
            });
            racers.add(racer);
            racer.start();
        }
        for (Thread racer : racers) {
            racer.join();
        }
        assertThat(dead).hasValue(0);
        await().atMost(SOON).until(() -> engine.clients().isEmpty());
    }

    @Test
    void listenersHearOfARefusedHostThatGetsNoRequest() {
        List<TelemetryMetric> heard = new CopyOnWriteArrayList<>();
        engine.addListener(new TelemetryListener() {
            @Override
            public void onMetric(String host, TelemetryMetric metric) {
                heard.add(metric);
            }
        });
        TelemetryClient client = engine.acquire(Targets.of("169.254.169.254"));
        emitStatement(client);
        client.flush();
        await().atMost(SOON).until(() -> heard.size() == 2);
        assertThat(client.statistics().dropped(DropReason.HOST_REFUSED)).isEqualTo(2);
        assertThat(exporters).isEmpty();
        assertThat(client.statistics().status()).isEqualTo(ClientStatus.HOST_REFUSED);
    }

    /** An application runs statements while it starts, before its listeners exist. */
    @Test
    void listenersThatAreExpectedHearOfWhatFinishedBeforeThem() {
        List<TelemetryMetric> heard = new CopyOnWriteArrayList<>();
        engine.expectListeners();
        TelemetryClient client = engine.acquire(Targets.of("a.example"));
        emitStatement(client);
        await().atMost(SOON).until(() -> client.statistics().metrics().made() == 2);
        engine.addListener(new TelemetryListener() {
            @Override
            public void onMetric(String host, TelemetryMetric metric) {
                heard.add(metric);
            }
        });
        assertThat(heard).isEmpty();

        engine.listenersAdded();
        await().atMost(SOON).until(() -> heard.size() == 2);
        engine.listenersAdded();
        emitStatement(client);
        await().atMost(SOON).until(() -> heard.size() == 4);
        assertThat(heard).doesNotHaveDuplicates();
    }

    @Test
    void nothingWaitsForExpectedListenersWhereNoClientIsMadeBefore() {
        List<TelemetryMetric> heard = new CopyOnWriteArrayList<>();
        engine.expectListeners();
        engine.listenersAdded();
        engine.addListener(new TelemetryListener() {
            @Override
            public void onMetric(String host, TelemetryMetric metric) {
                heard.add(metric);
            }
        });
        emitStatement(engine.acquire(Targets.of("a.example")));
        await().atMost(SOON).until(() -> heard.size() == 2);
    }

    @Test
    void theKillSwitchStopsEventsAndExportsAtOnce() {
        AtomicBoolean off = new AtomicBoolean();
        try (TelemetryEngine switched =
                new Engines().killSwitch(off::get).with((target, breaker) -> new RecordingExporter())) {
            TelemetryClient client = switched.acquire(Targets.of("a.example"));
            emitStatement(client);
            off.set(true);
            emitStatement(client);
            assertThat(client.statistics().events().emitted()).isEqualTo(3);
            client.flush();
            assertThat(client.statistics().metrics().pending()).isEqualTo(2);
            switched.close();
            assertThat(client.statistics().dropped(DropReason.CLOSED)).isEqualTo(2);
        }
    }

    @Test
    void pausesAndResumesExport() {
        TelemetryClient client = engine.acquire(Targets.of("a.example"));
        client.pause();
        emitStatement(client);
        client.flush();
        assertThat(client.statistics().status()).isEqualTo(ClientStatus.PAUSED);
        assertThat(client.statistics().metrics().pending()).isEqualTo(2);
        client.resume();
        assertThat(client.statistics().status()).isEqualTo(ClientStatus.ACTIVE);
        await().atMost(SOON).until(() -> client.statistics().metrics().delivered() == 2);
    }

    @Test
    void anExporterThatCannotBeMadeKeepsTheMetrics() {
        try (TelemetryEngine broken = new Engines()
                .settings(new EngineSettings(64, Duration.ofSeconds(20)))
                .with((target, breaker) -> {
                    throw new NoClassDefFoundError();
                })) {
            TelemetryClient client = broken.acquire(Targets.of("a.example"));
            emitStatement(client);
            client.flush();
            await().atMost(SOON).until(() -> client.statistics().lastExport().error() != null);
            assertThat(client.statistics().metrics().pending()).isEqualTo(2);
            Sums.hold(client.statistics());
        }
    }

    @Test
    void closesInTimeWhileAnExportHangs() {
        exporter("a.example").answer(this::hangs);
        TelemetryEngine hurried = engine(Duration.ofMillis(200));
        TelemetryClient client = hurried.acquire(Targets.of("a.example"));
        emitStatement(client);

        // The export hangs.
        assertTimeoutPreemptively(SOON, hurried::close);

        // On a machine with much else to do, the worker's last counts come later than the return of close().
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(client.statistics().dropped(DropReason.CLOSED))
                        .isEqualTo(2));
        TelemetryStatistics statistics = client.statistics();
        Sums.hold(statistics);
        assertThat(statistics.metrics().delivered()).isZero();
        assertThat(statistics.status()).isEqualTo(ClientStatus.CLOSED);
    }

    @Test
    void closesInTimeWhileAListenerHangs() {
        TelemetryEngine hurried = engine(Duration.ofMillis(200));
        hurried.addListener(new TelemetryListener() {
            @Override
            public void onMetric(String host, TelemetryMetric metric) {
                hangs(List.of());
            }
        });
        emitStatement(hurried.acquire(Targets.of("a.example")));
        assertTimeoutPreemptively(SOON, hurried::close);
        hang.countDown();
    }

    @Test
    void endsItsThreadThoughAClientCannotClose() {
        AtomicBoolean broken = new AtomicBoolean();
        TelemetryTarget target = Targets.of("a.example");
        CredentialSource credentials = new CredentialSource() {
            @Override
            public String identity() {
                if (broken.get()) {
                    throw new IllegalStateException("of the test");
                }
                return "test";
            }

            @Override
            public @Nullable String authorization() {
                return null;
            }
        };
        TelemetryEngine hurried = engine(Duration.ofMillis(200));
        hurried.acquire(new TelemetryTarget(
                target.host(), true, credentials, target.transport(), null, null, target.settings()));
        broken.set(true);

        hurried.close();
        await().atMost(SOON).untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    @Test
    void endsItsThreadThoughThereIsNoMemoryForTheMessage() {
        AtomicBoolean outOfMemory = new AtomicBoolean();
        Thread closing = Thread.currentThread();
        TelemetryClock clock = new TelemetryClock() {
            @Override
            public long nanoTime() {
                if (outOfMemory.get() && Thread.currentThread() == closing) {
                    throw new OutOfMemoryError("of the test");
                }
                return System.nanoTime();
            }

            @Override
            public long epochMillis() {
                return System.currentTimeMillis();
            }
        };
        TelemetryEngine exhausted = new Engines().clock(clock).with((target, breaker) -> exporter("none"));
        exhausted.acquire(Targets.of("a.example"));
        outOfMemory.set(true);

        exhausted.close();
        await().atMost(SOON).untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    @Test
    void statisticsDoNotHangWithTheWorker() {
        engine.addListener(new TelemetryListener() {
            @Override
            public void onMetric(String host, TelemetryMetric metric) {
                hangs(List.of());
            }
        });
        TelemetryClient client = engine.acquire(Targets.of("a.example"));
        emitStatement(client);
        client.flush();
        assertThat(client.statistics().host()).isEqualTo("a.example:443");
    }

    @Test
    void aListenerMayAskForStatisticsAndCloseTheEngine() {
        AtomicLong seen = new AtomicLong();
        TelemetryClient client = engine.acquire(Targets.of("a.example"));
        engine.addListener(new TelemetryListener() {
            @Override
            public void onExport(String host, ExportResult result, long durationNanos) {
                seen.set(client.statistics().metrics().delivered());
                engine.close();
            }
        });
        emitStatement(client);
        client.flush();
        await().atMost(SOON).until(() -> engine.clients().isEmpty());
        assertThat(seen).hasValue(2);
    }

    @Test
    void totalsOfAHostNeverFallWhenItsClientsClose() {
        TelemetryClient first = engine.acquire(Targets.of("a.example", "p", ClientSettings.DEFAULTS));
        emitStatement(first);
        emitStatement(engine.acquire(Targets.of("a.example", "q", ClientSettings.DEFAULTS)));
        HostTotals open = engine.totals().get(0);
        assertThat(open.host()).isEqualTo("a.example:443");
        assertThat(open.events().emitted()).isEqualTo(6);
        assertThat(open.clients()).hasSize(2);

        engine.release(first);
        await().atMost(SOON).until(() -> engine.clients().size() == 1);
        assertThat(engine.totals().get(0).events().emitted()).isEqualTo(6);
        assertThat(engine.totals().get(0).clients()).hasSize(1);

        engine.close();
        HostTotals closed = engine.totals().get(0);
        assertThat(closed.events().byType()).isEqualTo(open.events().byType());
        assertThat(closed.metrics().delivered()).isEqualTo(4);
        assertThat(closed.clients()).isEmpty();
    }

    @Test
    void readingAllClientsWaitsOnceForAStuckWorker() {
        List<TelemetryClient> clients = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            clients.add(engine.acquire(Targets.of("host" + i + ".example")));
        }
        CountDownLatch stuck = new CountDownLatch(1);
        engine.addListener(new TelemetryListener() {
            @Override
            public void onMetric(String host, TelemetryMetric metric) {
                stuck.countDown();
                hangs(List.of());
            }
        });
        emitStatement(clients.get(0));
        assertTimeoutPreemptively(SOON, () -> stuck.await());

        long begin = System.nanoTime();
        clients.forEach(TelemetryClient::statistics);
        engine.totals();
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        // One wait of 250 ms, and time for a busy machine. A wait for each client would be 25 s.
        assertThat(took).isLessThan(Duration.ofSeconds(2));

        hang.countDown();
        await().atMost(SOON).until(() -> clients.get(0).statistics().events().aggregated() == 3);
    }

    @Test
    void resumesAfterASuspendThatAListenerDelayed() {
        TelemetryEngine hurried = engine(Duration.ofMillis(200));
        TelemetryClient client = hurried.acquire(Targets.of("a.example"));
        CountDownLatch stuck = new CountDownLatch(1);
        hurried.addListener(new TelemetryListener() {
            @Override
            public void onMetric(String host, TelemetryMetric metric) {
                stuck.countDown();
                hangs(List.of());
            }
        });
        emitStatement(client);
        assertTimeoutPreemptively(SOON, () -> stuck.await());
        hurried.suspend();
        hurried.resume();

        hang.countDown();
        client.flush();
        await().atMost(SOON).until(() -> exporter("a.example").delivered().size() == 2);
        hurried.close();
    }

    @Test
    void aLazyReferenceAcquiresItsClientWithItsFirstUse() {
        TelemetryClient lazy = engine.acquireLazily("a", () -> Targets.of("a.example"));
        assertThat(threads()).isEmpty();
        emitStatement(lazy);
        assertThat(lazy.host()).isEqualTo("a.example:443");
        assertThat(engine.clients()).hasSize(1);

        engine.release(lazy);
        await().atMost(SOON).until(() -> engine.clients().isEmpty());
    }

    @Test
    void aLazyReferenceMayBeUsedAndReleasedAtTheSameTime() {
        assertTimeoutPreemptively(SOON, () -> {
            for (int i = 0; i < 500; i++) {
                TelemetryClient lazy = engine.acquireLazily("a", () -> Targets.of("a.example"));
                Thread user = new Thread(lazy::emitter);
                user.start();
                engine.release(lazy);
                user.join();
            }
        });
        await().atMost(SOON).until(() -> engine.clients().isEmpty());
    }

    @Test
    void aLazyReferenceThatWasNeverUsedAcquiresNothing() {
        TelemetryClient lazy = engine.acquireLazily("a", () -> Targets.of("a.example"));
        engine.release(lazy);
        assertThat(lazy.emitter().isEnabled()).isFalse();
        assertThat(threads()).isEmpty();
    }

    @Test
    void aLazyReferenceIsDisabledWithoutATarget() {
        TelemetryClient off = engine.acquireLazily("a", () -> null);
        TelemetryClient broken = engine.acquireLazily("b", () -> {
            throw new NoClassDefFoundError("a library is missing");
        });
        for (TelemetryClient client : List.of(off, broken)) {
            emitStatement(client);
            client.flush();
            client.pause();
            client.resume();
            assertThat(client.statistics().status()).isEqualTo(ClientStatus.CLOSED);
            assertThat(client.statistics().events().emitted()).isZero();
        }
        assertThat(broken.host()).isEqualTo("b");
        assertThat(engine.swallowed()).isEqualTo(1);
    }

    @Test
    void isInertAfterClose() {
        TelemetryClient old = engine.acquire(Targets.of("a.example"));
        engine.close();
        engine.close();
        assertThat(old.emitter().isEnabled()).isFalse();
        TelemetryClient client = engine.acquire(Targets.of("b.example"));
        emitStatement(client);
        client.flush();
        client.pause();
        client.resume();
        engine.release(client);
        assertThat(client.emitter().isEnabled()).isFalse();
        assertThat(client.statistics().events().emitted()).isZero();
        assertThat(engine.clients()).isEmpty();
    }

    @Test
    void theStoryAtDebugTellsTheFirstDeliveryAndTheCountsAtTheEnd() {
        try (LogWatch log = new LogWatch()) {
            TelemetryClient client = engine.acquire(Targets.of("a.example"));
            emitStatement(client);
            client.flush();
            await().atMost(SOON).until(() -> client.statistics().metrics().delivered() == 2);
            emitStatement(client);
            engine.close();
            assertThat(log.ours().toString())
                    .contains("First delivery to a.example:443: 2 metrics")
                    .contains("Telemetry of a.example:443 closed: 4 metrics delivered, 0 rejected, dropped {}");
        }
    }

    @Test
    void closesBeforeItWasUsed() {
        engine.close();
        assertThat(threads()).isEmpty();
    }

    @Test
    void isInertAfterItWasClosedUnused() {
        engine.close();
        try (LogWatch log = new LogWatch()) {
            TelemetryClient client = engine.acquire(Targets.of("a.example"));
            client.flush();
            assertThat(client.statistics().status()).isEqualTo(ClientStatus.CLOSED);
            assertThat(log.ours()).as("nobody waited for an answer in vain").isEmpty();
        }
    }

    @Test
    void startsWithTheNextClientIfThereWasNoThread() {
        Engines engines = new Engines();
        ThreadFactory threads = engines.workerThreads;
        AtomicBoolean outOfThreads = new AtomicBoolean(true);
        engines.workerThreads(task -> outOfThreads.getAndSet(false) ? notStarting() : threads.newThread(task));
        try (TelemetryEngine late =
                engines.with((target, breaker) -> exporter(target.host().host()))) {
            TelemetryClient first = late.acquire(Targets.of("a.example"));
            emitStatement(first);
            assertThat(first.statistics().status()).isEqualTo(ClientStatus.ACTIVE);

            late.acquire(Targets.of("a.example"));
            first.flush();
            await().atMost(SOON).until(() -> first.statistics().metrics().delivered() == 2);
        }
    }

    @Test
    void closesIfThereWasNoThread() {
        TelemetryEngine never =
                new Engines().workerThreads(task -> notStarting()).with((target, breaker) -> exporter("none"));
        TelemetryClient client = never.acquire(Targets.of("a.example"));
        never.close();
        assertThat(client.emitter().isEnabled()).isFalse();
        assertThat(client.statistics().status()).isEqualTo(ClientStatus.CLOSED);
        assertThat(never.clients()).isEmpty();
    }

    private static Thread notStarting() {
        return new Thread() {
            @Override
            public synchronized void start() {
                throw new OutOfMemoryError("unable to create native thread");
            }
        };
    }

    @Test
    void servesAThousandFastHostsWithFewThreads() {
        Set<String> names = ConcurrentHashMap.newKeySet();
        try (TelemetryEngine busy = new Engines().with((target, breaker) -> noting(names))) {
            List<TelemetryClient> clients = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                clients.add(busy.acquire(Targets.of("host" + i + ".example")));
            }
            for (int round = 0; round < 3; round++) {
                clients.forEach(TelemetryEngineTest::emitStatement);
                // All rounds at once are more than the queue holds.
                long events = 3L * (round + 1);
                await().atMost(SOON)
                        .until(() -> clients.get(999).statistics().events().aggregated() == events);
                clients.forEach(TelemetryClient::flush);
            }
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(clients)
                            .allSatisfy(client -> assertThat(
                                            client.statistics().metrics().delivered())
                                    .isEqualTo(6)));
            assertThat(threads().stream().map(Thread::getName).collect(Collectors.toSet()))
                    .hasSizeLessThanOrEqualTo(40);
            assertThat(names).hasSizeLessThanOrEqualTo(40);
        }
    }

    private static TelemetryExporter noting(Set<String> names) {
        return batch -> {
            names.add(Thread.currentThread().getName());
            return ExportResult.deliveredAll(batch.size());
        };
    }
}
