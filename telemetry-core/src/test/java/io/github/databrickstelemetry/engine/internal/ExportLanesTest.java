package io.github.databrickstelemetry.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.ExportResult.ExportError;
import io.github.databrickstelemetry.export.ExportResult.Outcome;
import io.github.databrickstelemetry.flag.internal.FlagTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExportLanesTest {

    private static final Duration LONG = Duration.ofNanos(ExportLanes.LONG_NANOS);

    private final Bench bench = new Bench(1 << 14);
    private final List<Bench.Subject> clients = new ArrayList<>();
    /** Tasks that were started and never end. */
    private final List<Runnable> hanging = new ArrayList<>();

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

    /** What was started hangs from now on. */
    private int hang() {
        bench.worker.step();
        int count = bench.exports.size();
        hanging.addAll(bench.exports);
        bench.exports.clear();
        return count;
    }

    @Test
    void threeBatchesAreUnderWayAtATimeHoweverManyHosts() {
        flushAll(clients("host", 1_000));
        assertThat(bench.exports).hasSize(3);
        assertThat(bench.threads).isEqualTo(3);

        bench.runExports();
        assertThat(clients)
                .allSatisfy(client -> assertThat(client.exporter.delivered()).hasSize(2));
        assertThat(bench.threads).isEqualTo(3);
    }

    @Test
    void hangingHostsDelayNoOthersOnceTheyHaveTakenLong() {
        List<Bench.Subject> bad = clients("bad", 6);
        List<Bench.Subject> good = clients("good", 44);
        flushAll(bad);
        flushAll(good);

        assertThat(hang()).isEqualTo(3);
        bench.pass(LONG);
        assertThat(hang()).isEqualTo(3);
        bench.pass(LONG);
        // All six hang. The others go on three at a time, as if there were none.
        assertThat(bench.exports).hasSize(3);
        bench.runExports();
        assertThat(good)
                .allSatisfy(client -> assertThat(client.exporter.delivered()).hasSize(2));
        assertThat(bench.threads).isEqualTo(6);

        flushAll(good);
        assertThat(bench.exports).hasSize(3);
        bench.runExports();
        assertThat(good)
                .allSatisfy(client -> assertThat(client.exporter.delivered()).hasSize(3));
    }

    @Test
    void threadsGoBackWhenHangingHostsComeBack() {
        flushAll(clients("bad", 6));
        hang();
        bench.pass(LONG);
        hang();
        bench.pass(LONG);
        assertThat(bench.threads).isEqualTo(6);

        hanging.forEach(Runnable::run);
        bench.worker.step();
        assertThat(bench.threads).isEqualTo(3);
    }

    @Test
    void hostsThatFailedWaitForEachOtherOnly() {
        List<Bench.Subject> bad = clients("bad", 10);
        bad.forEach(client -> client.exporter.answer(ExportLanesTest::fails));
        flushAll(bad);
        bench.runExports();

        flushAll(bad);
        assertThat(hang()).isEqualTo(ExportLanes.SLOW);

        List<Bench.Subject> good = clients("good", 20);
        flushAll(good);
        assertThat(bench.exports).hasSize(ExportLanes.FAST);
        bench.runExports();
        assertThat(good)
                .allSatisfy(client -> assertThat(client.exporter.delivered()).hasSize(2));
    }

    @Test
    void aHostThatRecoveredIsFastAgain() {
        Bench.Subject client = clients("host", 1).get(0);
        client.exporter.answer(ExportLanesTest::fails);
        flushAll(clients);
        bench.runExports();
        assertThat(client.pipeline.troubled()).isTrue();

        client.exporter.answer(batch -> ExportResult.deliveredAll(batch.size()));
        flushAll(clients);
        bench.runExports();
        assertThat(client.pipeline.troubled()).isFalse();
    }

    @Test
    void aHostThatTookLongIsNotFast() {
        Bench.Subject client = clients("host", 1).get(0);
        flushAll(clients);
        bench.clock.advance(LONG);
        bench.runExports();
        assertThat(client.pipeline.troubled()).isTrue();
    }

    @Test
    void whenEveryThreadHangsTheLongestIsInterrupted() {
        flushAll(clients("bad", 40));
        for (int i = 0; i < 20; i++) {
            hang();
            bench.pass(LONG);
        }
        assertThat(hanging).hasSize(ExportLanes.MOST);
        assertThat(bench.threads).isEqualTo(ExportLanes.MOST);
        assertThat(hanging.stream().map(task -> ((LaneRun) task).isInterrupted()))
                .startsWith(true, true, true, false)
                .filteredOn(interrupted -> interrupted)
                .hasSize(ExportLanes.FAST);

        // The interrupted ones return: three others take their places, and nothing is lost.
        hanging.remove(0).run();
        hanging.remove(0).run();
        hanging.remove(0).run();
        assertThat(hang()).isEqualTo(3);
        clients.forEach(client -> Sums.hold(client.statistics()));
    }

    @Test
    void aBatchThatWasInterruptedBeforeItBeganIsKept() {
        Bench.Subject client = clients("host", 1).get(0);
        flushAll(clients);
        Runnable export = bench.exports.remove();
        ((LaneRun) export).interrupt();
        export.run();
        bench.worker.step();
        assertThat(client.exporter.batches()).isEmpty();
        assertThat(client.statistics().metrics().pending()).isEqualTo(2);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void questionsAboutFlagsShareTheThreads() {
        List<String> asked = new ArrayList<>();
        bench.worker.ask(question(false, () -> asked.add("one")));
        bench.worker.ask(question(false, () -> asked.add("two")));
        bench.worker.ask(question(false, () -> asked.add("three")));
        bench.worker.ask(question(false, () -> asked.add("four")));
        bench.worker.step();
        assertThat(bench.exports).hasSize(3);
        bench.runExports();
        assertThat(asked).containsExactly("one", "two", "three", "four");
    }

    @Test
    void questionsToTroubledFlagServicesDelayNobodyButEachOther() {
        for (int i = 0; i < 40; i++) {
            bench.worker.ask(question(true, () -> {}));
        }
        for (int i = 0; i < 20; i++) {
            hang();
            bench.pass(LONG);
        }
        assertThat(hanging).hasSize(ExportLanes.QUESTIONS);

        List<Bench.Subject> recovering = clients("recovering", 1);
        recovering.get(0).exporter.answer(ExportLanesTest::fails);
        flushAll(recovering);
        bench.runExports();

        List<Bench.Subject> good = clients("good", 20);
        flushAll(good);
        flushAll(recovering);
        assertThat(bench.exports).hasSize(ExportLanes.FAST + 1);
        assertThat(bench.threads).isEqualTo(ExportLanes.FAST + 1 + ExportLanes.QUESTIONS);
        bench.runExports();
        assertThat(good)
                .allSatisfy(client -> assertThat(client.exporter.delivered()).hasSize(2));
        assertThat(recovering.get(0).exporter.batches()).hasSize(2);
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
        assertThat(bench.threads).isEqualTo(ExportLanes.FAST);
    }

    @Test
    void withoutAThreadAQuestionHearsOfItOnce() {
        List<String> heard = new ArrayList<>();
        bench.outOfThreads = true;
        bench.worker.ask(question(false, () -> heard.add("run"), () -> heard.add("not run")));
        bench.worker.step();
        bench.worker.step();
        assertThat(heard).containsExactly("not run");
    }

    @Test
    void withoutAThreadAClientClosesAllTheSame() {
        Bench.Subject client = clients("host", 1).get(0);
        bench.outOfThreads = true;
        client.close(Duration.ofSeconds(2));
        bench.worker.step();
        assertThat(client.closed).isTrue();
        Sums.hold(client.statistics());
    }

    private static FlagTask question(boolean troubled, Runnable run) {
        return question(troubled, run, () -> {});
    }

    private static FlagTask question(boolean troubled, Runnable run, Runnable notRun) {
        return new FlagTask() {
            @Override
            public boolean isTroubled() {
                return troubled;
            }

            @Override
            public void run() {
                run.run();
            }

            @Override
            public void notRun() {
                notRun.run();
            }
        };
    }
}
