package io.github.databrickstelemetry.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.ExportResult.ExportError;
import io.github.databrickstelemetry.export.ExportResult.Outcome;
import io.github.databrickstelemetry.runtime.internal.BlockingTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExportSchedulerTest {

    private static final Duration RAMP = Duration.ofMillis(50);

    private final Bench bench = new Bench(8192);
    private final List<Bench.Subject> clients = new ArrayList<>();
    private final List<Runnable> hanging = new ArrayList<>();

    @AfterEach
    void sumsHold() {
        clients.forEach(client -> Sums.hold(client.statistics()));
    }

    private static ExportResult fails(List<TelemetryMetric> batch) {
        return ExportResult.keptAll(Outcome.FAILURE, batch, new ExportError("HttpStatus", 503));
    }

    private List<Bench.Subject> clients(String name, int count) {
        List<Bench.Subject> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            made.add(bench.client(name + i + ".example"));
        }
        clients.addAll(made);
        return made;
    }

    private void flushAll(List<Bench.Subject> some) {
        some.forEach(Bench.Subject::statement);
        some.forEach(Bench.Subject::flush);
        bench.worker.step();
    }

    /** The tasks that have started since hang from now on. */
    private void hang() {
        hanging.addAll(bench.exports);
        bench.exports.clear();
    }

    /** Time passes, and everything that starts hangs. */
    private void hangFor(Duration time) {
        long steps = time.dividedBy(RAMP);
        for (long i = 0; i < steps; i++) {
            hang();
            bench.pass(RAMP);
        }
        hang();
    }

    private void deliversAtOnce(Bench.Subject client) {
        int before = client.exporter.delivered().size();
        flushAll(List.of(client));
        bench.runExports();
        assertThat(client.exporter.delivered()).hasSizeGreaterThan(before);
    }

    @Test
    void fastHostsNeedFewThreads() {
        flushAll(clients("host", 1_000));
        assertThat(bench.exports).hasSize(16);
        bench.runExports();
        assertThat(clients)
                .allSatisfy(client -> assertThat(client.exporter.delivered()).hasSize(2));
    }

    @Test
    void threeHundredHostsThatHangTogetherDelayAHealthyOneByLessThanTwoSeconds() {
        List<Bench.Subject> bad = clients("bad", 300);
        flushAll(bad);
        Bench.Subject good = clients("good", 1).get(0);
        flushAll(List.of(good));

        Duration waited = Duration.ZERO;
        while (good.statistics().metrics().inFlight() == 0) {
            hang();
            bench.pass(RAMP);
            waited = waited.plus(RAMP);
            assertThat(waited).isLessThan(Duration.ofSeconds(2));
        }
        bench.exports.forEach(Runnable::run);
        assertThat(good.exporter.delivered()).hasSize(2);
    }

    @Test
    void atMost256TasksRunAtATime() {
        flushAll(clients("bad", 400));
        hangFor(Duration.ofMillis(900));
        assertThat(hanging).hasSize(ExportScheduler.MAX_RUNNING);
    }

    @Test
    void theMetricsOfAnAbortedTaskAreKeptWhenItsThreadComesBack() {
        List<Bench.Subject> bad = clients("bad", 257);
        Bench.Subject oldest = bad.get(0);
        deliversAtOnce(oldest);
        flushAll(bad);
        hangFor(Duration.ofMillis(1_200));
        assertThat(oldest.statistics().metrics().inFlight()).isEqualTo(1);

        hanging.get(0).run();
        bench.worker.step();
        assertThat(oldest.statistics().metrics().inFlight()).isZero();
        assertThat(oldest.statistics().metrics().pending()).isEqualTo(1);
    }

    @Test
    void theMetricsOfATaskThatCannotBeAbortedAreKeptAfterFiveSeconds() {
        List<Bench.Subject> bad = clients("bad", 257);
        flushAll(bad);
        hangFor(Duration.ofMillis(1_200));
        Bench.Subject oldest = bad.get(0);
        bench.pass(Duration.ofSeconds(6));
        assertThat(oldest.statistics().metrics().inFlight()).isZero();
        assertThat(oldest.statistics().metrics().pending()).isEqualTo(2);
        assertThat(oldest.statistics().lastExport().error()).isEqualTo(new ExportError("Aborted", 0));

        // It comes back after all, and changes nothing.
        hanging.get(0).run();
        bench.worker.step();
        assertThat(oldest.statistics().metrics().delivered()).isZero();
        assertThat(oldest.statistics().metrics().pending()).isEqualTo(2);
    }

    @Test
    void aTaskThatExceedsItsLimitIsAbortedThoughNobodyWaits() {
        Bench.Subject bad = clients("bad", 1).get(0);
        deliversAtOnce(bad);
        flushAll(clients);
        hang();
        // Four attempts of 2 s to connect, 10 s to read and 1 s to wait, and 5 s more.
        bench.pass(Duration.ofSeconds(56));
        assertThat(bad.statistics().metrics().inFlight()).isEqualTo(1);
        bench.pass(Duration.ofSeconds(2));
        bench.pass(Duration.ofSeconds(6));
        assertThat(bad.statistics().metrics().inFlight()).isZero();
        deliversAtOnce(bad);
    }

    @Test
    void troubledHostsLeaveHalfOfThePlacesToOthers() {
        List<Bench.Subject> bad = clients("bad", 300);
        bad.forEach(client -> client.exporter.answer(ExportSchedulerTest::fails));
        flushAll(bad);
        bench.runExports();

        flushAll(bad);
        hangFor(Duration.ofSeconds(1));
        assertThat(hanging).hasSize(ExportScheduler.MAX_TROUBLED);
        deliversAtOnce(clients("good", 1).get(0));
    }

    @Test
    void aHostThatRecoversIsServedAsTheOthers() {
        Bench.Subject client = clients("host", 1).get(0);
        client.exporter.answer(ExportSchedulerTest::fails);
        flushAll(clients);
        bench.runExports();
        client.exporter.answer(batch -> ExportResult.deliveredAll(batch.size()));
        deliversAtOnce(client);

        // Others that fail do not stand in its way.
        List<Bench.Subject> bad = clients("bad", 300);
        bad.forEach(one -> one.exporter.answer(ExportSchedulerTest::fails));
        flushAll(bad);
        bench.runExports();
        flushAll(bad);
        hangFor(Duration.ofSeconds(1));
        deliversAtOnce(client);
    }

    @Test
    void aBatchThatWasAbortedBeforeItBeganIsKept() {
        Bench.Subject client = clients("host", 1).get(0);
        flushAll(clients);
        Runnable export = bench.exports.remove();
        ((RunningTask) export).interrupt();
        export.run();
        bench.worker.step();
        assertThat(client.exporter.batches()).isEmpty();
        assertThat(client.statistics().metrics().pending()).isEqualTo(2);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void aTaskWhoseEndWasLostIsFoundWithinASecond() {
        Bench.Subject client = clients("host", 1).get(0);
        flushAll(clients);
        RunningTask task = (RunningTask) bench.exports.remove();
        task.onEnd = () -> {
            throw new OutOfMemoryError("no memory for a message");
        };
        task.run();
        assertThat(client.statistics().metrics().inFlight()).isEqualTo(2);
        bench.pass(Duration.ofSeconds(1));
        assertThat(client.statistics().metrics().inFlight()).isZero();
        assertThat(client.statistics().metrics().delivered()).isEqualTo(2);
    }

    @Test
    void anAbortedTaskIsInterruptedAndItsExporterCloses() throws InterruptedException {
        Bench.Subject bad = clients("bad", 1).get(0);
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        bad.exporter.answer(batch -> {
            began.countDown();
            try {
                closed.await();
            } catch (InterruptedException interrupt) {
                return fails(batch);
            }
            throw new AssertionError("not interrupted");
        });
        flushAll(clients);
        Thread thread = new Thread(bench.exports.remove());
        thread.start();
        began.await();
        assertThat(bad.exporter.isClosed()).isFalse();

        bench.worker.scheduler().abortAll();
        assertThat(bad.exporter.isClosed()).isTrue();
        thread.join();
        bench.worker.step();
        assertThat(bad.statistics().lastExport().error()).isEqualTo(new ExportError("HttpStatus", 503));
        assertThat(bad.statistics().metrics().pending()).isEqualTo(2);
    }

    @Test
    void aTaskThatCannotBeFinishedStopsNoOther() {
        bench.worker.scheduler().request(flag(false, () -> {}, () -> {
            throw new IllegalStateException("of the test");
        }));
        bench.runExports();
        bench.pass(Duration.ofSeconds(1));
        assertThat(bench.guard.count()).as("its end, and two checks").isEqualTo(3);
        deliversAtOnce(clients("good", 1).get(0));
    }

    @Test
    void aTaskThatFailsToBeginIsNotTakenForARunningOne() {
        bench.worker.scheduler().request(new BlockingTask(false, Long.MAX_VALUE) {
            @Override
            public boolean begin() {
                throw new IllegalStateException("of the test");
            }

            @Override
            public void run() {}

            @Override
            public void abort() {}

            @Override
            public void finish() {}
        });
        assertThatThrownBy(bench.worker::step).isInstanceOf(IllegalStateException.class);
        assertThat(bench.worker.scheduler().nanosUntilDue(bench.clock.nanoTime()))
                .isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void eachBatchHasAnExporterOfItsOwnWhichIsClosedAfterIt() {
        Bench.Subject client = clients("host", 1).get(0);
        deliversAtOnce(client);
        assertThat(client.exporter.isClosed()).isTrue();
        assertThat(client.exporters).isEqualTo(1);
        deliversAtOnce(client);
        assertThat(client.exporters).isEqualTo(2);
    }

    @Test
    void aFailureToCloseAnExporterDoesNotChangeTheResult() {
        Bench.Subject client = clients("host", 1).get(0);
        client.exporter.failToClose();
        deliversAtOnce(client);
        assertThat(client.statistics().metrics().delivered()).isEqualTo(2);
        assertThat(bench.guard.count()).isEqualTo(1);
    }

    @Test
    void flagRequestsShareTheThreads() {
        List<String> requested = new ArrayList<>();
        for (String host : List.of("one", "two", "three")) {
            bench.worker.scheduler().request(flag(false, () -> requested.add(host), () -> {}));
        }
        bench.runExports();
        assertThat(requested).containsExactly("one", "two", "three");
    }

    @Test
    void flagServicesThatHangLeaveHalfOfThePlacesToOthers() {
        for (int i = 0; i < 300; i++) {
            bench.worker.scheduler().request(flag(true, () -> {}, () -> {}));
        }
        hangFor(Duration.ofSeconds(1));
        assertThat(hanging).hasSize(ExportScheduler.MAX_TROUBLED);
        deliversAtOnce(clients("good", 1).get(0));
    }

    @Test
    void withoutAThreadABatchIsKeptAndSentLater() {
        Bench.Subject client = clients("host", 1).get(0);
        bench.outOfThreads = true;
        flushAll(clients);
        bench.worker.step();
        assertThat(client.statistics().metrics().inFlight()).isZero();
        assertThat(client.statistics().metrics().pending()).isEqualTo(2);

        bench.outOfThreads = false;
        bench.pass(Bench.INTERVAL);
        bench.runExports();
        assertThat(client.exporter.delivered()).hasSize(2);
    }

    @Test
    void withoutAThreadAFlagRequestFailsOnce() {
        List<String> heard = new ArrayList<>();
        bench.outOfThreads = true;
        bench.worker.scheduler().request(flag(false, () -> heard.add("run"), () -> heard.add("finished")));
        bench.worker.step();
        bench.worker.step();
        assertThat(heard).containsExactly("finished");
    }

    @Test
    void withoutAThreadAClientClosesAllTheSame() {
        Bench.Subject client = clients("host", 1).get(0);
        bench.outOfThreads = true;
        client.close(Duration.ofSeconds(2));
        bench.worker.step();
        assertThat(client.closed).isTrue();
    }

    private static BlockingTask flag(boolean troubled, Runnable run, Runnable finish) {
        return new BlockingTask(troubled, Long.MAX_VALUE) {
            @Override
            public void run() {
                run.run();
            }

            @Override
            public void abort() {}

            @Override
            public void finish() {
                finish.run();
            }
        };
    }
}
