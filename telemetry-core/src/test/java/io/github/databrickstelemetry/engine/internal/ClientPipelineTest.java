package io.github.databrickstelemetry.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.aggregate.DropReason;
import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.client.ClientStatus;
import io.github.databrickstelemetry.client.TelemetryListener;
import io.github.databrickstelemetry.client.TelemetryStatistics;
import io.github.databrickstelemetry.config.ExportLevel;
import io.github.databrickstelemetry.event.EventType;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.ExportResult.ExportError;
import io.github.databrickstelemetry.export.ExportResult.Outcome;
import io.github.databrickstelemetry.flag.internal.FlagHandle.BlockedReason;
import io.github.databrickstelemetry.runtime.internal.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ClientPipelineTest {

    private final Bench bench = new Bench(1024);
    private final Bench.Subject client = bench.client("a.example");

    @AfterEach
    void sumsHold() {
        Sums.hold(client.statistics(), 1024);
        assertThat(bench.guard.count()).isZero();
    }

    private static ExportResult failed(List<TelemetryMetric> batch) {
        return ExportResult.keptAll(Outcome.FAILURE, batch, new ExportError("HttpStatus", 503));
    }

    private static ExportResult refusedByBreaker(List<TelemetryMetric> batch) {
        return ExportResult.keptAll(Outcome.NOT_PERMITTED, batch, new ExportError("CircuitBreakerOpen", 0));
    }

    @Test
    void evictsAStatementThatStaysOpenAsSoonAsItsTimeIsOver() {
        bench.pass(Duration.ofMillis(10_123));
        bench.runExports();
        client.emitter.statementStart(client.session, OperationType.EXECUTE_STATEMENT, StatementType.QUERY);
        bench.worker.step();
        bench.clock.advance(Duration.ofSeconds(59).plusMillis(999));
        bench.worker.step();
        assertThat(client.statistics().statements().inFlight()).isOne();
        assertThat(bench.worker.nanosUntilDue(bench.clock.nanoTime()))
                .isLessThanOrEqualTo(Duration.ofMillis(1).toNanos());

        bench.pass(Duration.ofMillis(1));
        assertThat(client.statistics().statements().inFlight()).isZero();
        assertThat(client.statistics().statements().evicted()).isOne();
    }

    @Nested
    class Flushing {

        @Test
        void waitsForTheInterval() {
            client.statement();
            bench.pass(Duration.ofMillis(4_999));
            bench.runExports();
            assertThat(client.exporter.batches()).isEmpty();
            assertThat(client.statistics().metrics().pending()).isEqualTo(2);

            bench.pass(Duration.ofMillis(1));
            bench.runExports();
            assertThat(client.exporter.delivered()).hasSize(2);
            assertThat(client.statistics().metrics().pending()).isZero();
        }

        @Test
        void keepsItsRhythmHoweverLate() {
            bench.pass(Duration.ofMillis(12_345));
            client.statement();
            worker();
            assertThat(bench.worker.deliveries().nanosUntilDue(bench.clock.nanoTime()))
                    .isEqualTo(Duration.ofMillis(2_655).toNanos());
        }

        @Test
        void doesNotWaitOnceABatchIsFull() {
            client.statements(9);
            bench.runExports();
            assertThat(client.exporter.delivered()).hasSize(10);
        }

        @Test
        void sendsNoMoreThanABatchAtATime() {
            client.statements(34);
            bench.runExports();
            assertThat(client.exporter.batches()).extracting(List::size).containsExactly(10, 10, 10);
            assertThat(client.statistics().metrics().pending()).isEqualTo(5);
        }

        @Test
        void sendsARestThatWasThereWhenTheIntervalEnded() {
            client.statements(13);
            worker();
            bench.pass(Bench.INTERVAL);
            bench.runExports();
            assertThat(client.exporter.batches()).extracting(List::size).containsExactly(10, 4);
        }

        @Test
        void doesNotWaitForMoreThanCanWait() {
            Bench.Subject small = bench.client("small.example", Bench.settings(10, 4));
            small.statements(3);
            bench.runExports();
            assertThat(small.exporter.delivered()).hasSize(4);
            assertThat(small.statistics().dropped(DropReason.OVERFLOW)).isZero();
        }

        @Test
        void happensOnRequest() {
            client.statement();
            client.flush();
            bench.runExports();
            assertThat(client.exporter.delivered()).hasSize(2);
        }

        @Test
        void happensOnATerminalError() {
            client.emitter.error(client.session, 0, new Exception("terminal"));
            bench.runExports();
            assertThat(client.exporter.delivered()).hasSize(2);
        }

        @Test
        void happensOnTerminalErrorsOnceASecond() {
            client.emitter.error(client.session, 0, new Exception("terminal"));
            bench.runExports();
            client.emitter.error(client.session, 0, new Exception("terminal"));
            bench.pass(Duration.ofMillis(999));
            bench.runExports();
            assertThat(client.exporter.batches()).hasSize(1);

            bench.pass(Duration.ofMillis(1));
            bench.runExports();
            assertThat(client.exporter.batches()).hasSize(2);
        }

        @Test
        void doesNotHappenOnARetryableError() {
            client.emitter.error(client.session, 0, new Exception("retryable"));
            bench.runExports();
            assertThat(client.exporter.batches()).isEmpty();
        }

        @Test
        void hasOneBatchInFlight() {
            client.statements(30);
            worker();
            worker();
            assertThat(bench.exports).hasSize(1);
            assertThat(client.statistics().metrics().inFlight()).isEqualTo(10);
        }

        private void worker() {
            bench.worker.step();
        }
    }

    @Nested
    class AfterAFailure {

        @Test
        void metricsAreKeptInTheirOrderAndTriedAgainAtTheNextInterval() {
            client.exporter.answer(ClientPipelineTest::failed);
            client.statements(14);
            bench.runExports();
            assertThat(client.exporter.batches()).hasSize(1);
            assertThat(client.statistics().metrics().pending()).isEqualTo(15);
            assertThat(client.statistics().lastExport().error()).isEqualTo(new ExportError("HttpStatus", 503));
            assertThat(client.statistics().lastExport().errorMillis()).isEqualTo(ManualClock.START_MILLIS);

            client.statements(20);
            bench.runExports();
            assertThat(client.exporter.batches()).hasSize(1);

            client.exporter.answer(batch -> ExportResult.deliveredAll(batch.size()));
            bench.pass(Bench.INTERVAL);
            bench.runExports();
            assertThat(client.exporter.delivered()).hasSize(35);
            assertThat(client.exporter.batches().get(1))
                    .isEqualTo(client.exporter.batches().get(0));
            assertThat(client.statistics().lastExport().successMillis()).isEqualTo(ManualClock.START_MILLIS + 5_000);
            assertThat(client.statistics().lastExport().errorMillis()).isEqualTo(ManualClock.START_MILLIS);
        }

        @Test
        void anOpenBreakerIsAskedOncePerInterval() {
            client.exporter.answer(ClientPipelineTest::refusedByBreaker);
            for (int i = 0; i < 100; i++) {
                client.statements(5);
                bench.pass(Duration.ofMillis(100));
                bench.runExports();
            }
            assertThat(client.exporter.batches().size()).isBetween(2, 3);
            assertThat(client.statistics().lastExport().error()).isNull();
        }

        @Test
        void aTerminalErrorDoesNotTryAgainEarlier() {
            client.exporter.answer(ClientPipelineTest::failed);
            client.flush();
            bench.runExports();
            client.emitter.error(client.session, 0, new Exception("terminal"));
            bench.pass(Duration.ofSeconds(2));
            bench.runExports();
            assertThat(client.exporter.batches()).hasSize(1);
        }

        @Test
        void aPersonMayTryAgainEarlier() {
            client.exporter.answer(ClientPipelineTest::failed);
            client.flush();
            bench.runExports();
            client.flush();
            bench.runExports();
            assertThat(client.exporter.batches()).hasSize(2);
        }

        @Test
        void aServiceThatAsksToWaitIsNotSentToBefore() {
            client.exporter.answer(batch -> asksToWait(batch, 12_000));
            client.flush();
            bench.runExports();
            bench.pass(Bench.INTERVAL);
            client.flush();
            bench.pass(Bench.INTERVAL);
            bench.runExports();
            assertThat(client.exporter.batches()).hasSize(1);

            bench.pass(Bench.INTERVAL);
            bench.runExports();
            assertThat(client.exporter.batches()).hasSize(2);
        }

        @Test
        void closingDoesNotWaitHoweverLongTheServiceAsksTo() {
            client.exporter.answer(batch -> asksToWait(batch, 30_000));
            client.flush();
            bench.runExports();
            client.exporter.answer(batch -> ExportResult.deliveredAll(batch.size()));
            client.close(Duration.ofSeconds(2));
            bench.runExports();
            assertThat(client.closed).isTrue();
            assertThat(client.exporter.delivered()).hasSize(1);
        }

        private ExportResult asksToWait(List<TelemetryMetric> batch, long millis) {
            return new ExportResult(Outcome.FAILURE, 0, 0, 0, 0, batch, new ExportError("HttpStatus", 429), millis);
        }

        @Test
        void theOldestGoesWhenTheBufferIsFull() {
            client.exporter.answer(ClientPipelineTest::failed);
            client.statements(300);
            bench.runExports();
            TelemetryStatistics statistics = client.statistics();
            assertThat(statistics.metrics().pending()).isEqualTo(100);
            assertThat(statistics.dropped(DropReason.OVERFLOW)).isEqualTo(201);
        }

        @Test
        void rejectedMalformedAndTooLargeMetricsAreBooked() {
            client.exporter.answer(batch ->
                    new ExportResult(Outcome.SUCCESS, 4, 3, 2, 1, List.of(), new ExportError("HttpStatus", 400), 0));
            client.statements(9);
            bench.runExports();
            TelemetryStatistics statistics = client.statistics();
            assertThat(statistics.metrics().delivered()).isEqualTo(4);
            assertThat(statistics.metrics().rejected()).isEqualTo(3);
            assertThat(statistics.dropped(DropReason.MALFORMED)).isEqualTo(2);
            assertThat(statistics.dropped(DropReason.TOO_LARGE)).isEqualTo(1);
        }

        @Test
        void aBatchOfWhichTheServiceTookAnythingIsASuccess() {
            client.statement();
            client.exporter.answer(batch ->
                    new ExportResult(Outcome.FAILURE, 0, 0, 0, 0, batch, new ExportError("HttpStatus", 503), 0));
            client.flush();
            bench.runExports();
            assertThat(client.statistics().lastExport().successMillis()).isZero();

            client.exporter.answer(batch ->
                    new ExportResult(Outcome.FAILURE, 1, 0, 0, 1, List.of(), new ExportError("HttpStatus", 413), 0));
            client.flush();
            bench.runExports();
            assertThat(client.statistics().lastExport().successMillis()).isEqualTo(ManualClock.START_MILLIS);
            assertThat(client.statistics().lastExport().errorMillis()).isEqualTo(ManualClock.START_MILLIS);
        }

        @Test
        void missingCredentialsAreSaidInTheStatus() {
            client.exporter.answer(
                    batch -> ExportResult.keptAll(Outcome.FAILURE, batch, ExportError.ofCredentials("NoCredentials")));
            client.flush();
            bench.runExports();
            assertThat(client.statistics().status()).isEqualTo(ClientStatus.NO_CREDENTIALS);
            assertThat(client.emitter.isEnabled()).isTrue();
        }

        @Test
        void credentialsThatCannotBeUsedAreMissing() {
            client.exporter.answer(batch ->
                    ExportResult.keptAll(Outcome.FAILURE, batch, ExportError.ofCredentials("UnprintableCredentials")));
            client.flush();
            bench.runExports();
            assertThat(client.statistics().status()).isEqualTo(ClientStatus.NO_CREDENTIALS);
        }

        @Test
        void aRefusedHostIsTriedAgainAndShowsItsStatus() {
            client.exporter.answer(
                    batch -> ExportResult.keptAll(Outcome.FAILURE, batch, new ExportError("refused", 0, false, true)));
            client.flush();
            bench.runExports();
            assertThat(client.statistics().status()).isEqualTo(ClientStatus.HOST_REFUSED);
            assertThat(client.emitter.isEnabled()).isTrue();

            client.exporter.answer(batch -> ExportResult.deliveredAll(batch.size()));
            bench.pass(Bench.INTERVAL);
            bench.runExports();
            assertThat(client.statistics().status()).isEqualTo(ClientStatus.ACTIVE);
        }
    }

    @Nested
    class BlockedReasons {

        @Test
        void ofTheFlagRequestShowWhileTheFlagIsUnknown() {
            client.flag.enabled = null;
            client.flag.blocked = BlockedReason.NO_CREDENTIALS;
            lookAtFlags();
            assertThat(client.statistics().status()).isEqualTo(ClientStatus.NO_CREDENTIALS);
            assertThat(client.emitter.isEnabled()).isTrue();

            client.flag.blocked = null;
            lookAtFlags();
            assertThat(client.statistics().status()).isEqualTo(ClientStatus.ACTIVE);

            client.flag.blocked = BlockedReason.HOST_REFUSED;
            lookAtFlags();
            assertThat(client.statistics().status()).isEqualTo(ClientStatus.HOST_REFUSED);
            assertThat(client.emitter.isEnabled()).isTrue();

            // The request of another principal was answered.
            client.flag.enabled = true;
            lookAtFlags();
            assertThat(client.statistics().status()).isEqualTo(ClientStatus.ACTIVE);
        }

        @Test
        void ofAnExportDoNotOutliveWhatItKept() {
            client.exporter.answer(
                    batch -> ExportResult.keptAll(Outcome.FAILURE, batch, new ExportError("refused", 0, false, true)));
            client.flush();
            bench.runExports();
            assertThat(client.statistics().status()).isEqualTo(ClientStatus.HOST_REFUSED);

            client.flag.enabled = false;
            lookAtFlags();
            assertThat(client.statistics().metrics().pending()).isZero();
            client.flag.enabled = true;
            lookAtFlags();

            assertThat(client.statistics().status()).isEqualTo(ClientStatus.ACTIVE);
        }

        @Test
        void ofAHostThatIsForbiddenAsItIsWrittenNeverChange() {
            Bench.Subject refused = bench.refused("b.example");
            refused.statement();
            bench.pass(Bench.INTERVAL);
            bench.runExports();
            assertThat(refused.statistics().status()).isEqualTo(ClientStatus.HOST_REFUSED);
            assertThat(refused.statistics().dropped(DropReason.HOST_REFUSED)).isEqualTo(2);
            assertThat(refused.exporter.batches()).isEmpty();
            Sums.hold(refused.statistics());
        }

        private void lookAtFlags() {
            bench.worker.post(client.pipeline::flagChanged);
            bench.worker.step();
        }
    }

    @Nested
    class BadExporters {

        @Test
        void thatThrowKeepTheBatch() {
            Bench other = new Bench(64);
            Bench.Subject subject = other.client("b.example");
            subject.exporter.answer(batch -> {
                throw new StackOverflowError();
            });
            subject.flush();
            other.runExports();
            assertThat(subject.statistics().metrics().pending()).isEqualTo(1);
            assertThat(subject.statistics().lastExport().error())
                    .isEqualTo(new ExportError("java.lang.StackOverflowError", 0));
            assertThat(other.guard.count()).isEqualTo(1);
            Sums.hold(subject.statistics());
        }

        @Test
        @SuppressWarnings("NullAway")
        void thatSayNothingOrTooMuchKeepTheBatch() {
            List<TelemetryMetric> foreign = new ArrayList<>();
            for (ExportResult wrong : new ExportResult[] {
                new ExportResult(Outcome.SUCCESS, 5, 0, 0, 0, List.of(), null, 0),
                new ExportResult(Outcome.SUCCESS, -1, 2, 0, 0, List.of(), null, 0),
                new ExportResult(Outcome.SUCCESS, 0, 0, 0, 0, List.of(), null, 0)
            }) {
                client.exporter.answer(batch -> {
                    foreign.addAll(batch);
                    return wrong;
                });
                client.flush();
                bench.runExports();
                assertThat(client.statistics().metrics().pending()).isEqualTo(1);
            }
            client.exporter.answer(batch -> ExportResult.keptAll(
                    Outcome.FAILURE, List.of(foreign.get(0), foreign.get(0)).subList(0, 1), new ExportError("x", 0)));
            client.statement();
            client.flush();
            bench.runExports();
            assertThat(client.statistics().metrics().pending()).isEqualTo(2);
        }
    }

    @Nested
    class TheFlag {

        @Test
        void withoutAnAnswerMetricsWait() {
            client.flag.enabled = null;
            client.statements(30);
            bench.pass(Bench.INTERVAL);
            bench.runExports();
            assertThat(client.exporter.batches()).isEmpty();
            assertThat(client.statistics().metrics().pending()).isEqualTo(31);

            client.flag.enabled = true;
            bench.pass(Bench.INTERVAL);
            bench.runExports();
            assertThat(client.exporter.delivered()).hasSize(31);
        }

        @Test
        void whenOffDiscardsWhatWaitsAndWhatComes() {
            client.flag.enabled = null;
            client.statements(3);
            bench.worker.step();
            client.flag.enabled = false;
            bench.pass(Bench.INTERVAL);
            assertThat(client.statistics().dropped(DropReason.FLAG_OFF)).isEqualTo(4);

            client.statements(2);
            bench.pass(Bench.INTERVAL);
            bench.runExports();
            assertThat(client.statistics().dropped(DropReason.FLAG_OFF)).isEqualTo(6);
            assertThat(client.exporter.batches()).isEmpty();
        }

        @Test
        void turnedOffMeanwhileDiscardsWhatAnExportKept() {
            client.exporter.answer(batch -> {
                client.flag.enabled = false;
                return failed(batch);
            });
            client.flush();
            bench.runExports();
            bench.pass(Bench.INTERVAL);
            assertThat(client.statistics().dropped(DropReason.FLAG_OFF)).isEqualTo(1);
            assertThat(client.statistics().metrics().pending()).isZero();
        }

        @Test
        void turnedOnAgainSends() {
            client.flag.enabled = false;
            bench.pass(Bench.INTERVAL);
            client.flag.enabled = true;
            bench.pass(Duration.ofMinutes(1));
            client.statement();
            bench.pass(Bench.INTERVAL);
            bench.runExports();
            assertThat(client.exporter.delivered()).hasSize(1);
        }
    }

    @Nested
    class Pausing {

        @Test
        void sendsNothingUntilResumedAndStillTakesEvents() {
            client.statement();
            bench.worker.step();
            client.pause(true);
            client.statement();
            bench.pass(Bench.INTERVAL);
            bench.runExports();
            assertThat(client.exporter.batches()).isEmpty();
            assertThat(client.statistics().status()).isEqualTo(ClientStatus.PAUSED);
            assertThat(client.statistics().metrics().pending()).isEqualTo(3);

            client.pause(false);
            bench.pass(Bench.INTERVAL);
            bench.runExports();
            assertThat(client.exporter.delivered()).hasSize(3);
        }

        @Test
        void ofAllExportsHoldsForEachClient() {
            bench.paused = true;
            client.statement();
            bench.pass(Bench.INTERVAL);
            bench.runExports();
            assertThat(client.statistics().status()).isEqualTo(ClientStatus.PAUSED);
            assertThat(client.statistics().metrics().pending()).isEqualTo(2);
        }
    }

    @Nested
    class WhatListenersHear {

        private final List<String> heard = new ArrayList<>();

        @BeforeEach
        void listen() {
            bench.listeners.add(new TelemetryListener() {
                @Override
                public void onMetric(String host, TelemetryMetric metric) {
                    heard.add(host);
                }
            });
        }

        private void hearsOf(Bench.Subject subject) {
            bench.worker.step();
            heard.clear();
            subject.statement();
            bench.worker.step();
            assertThat(heard).containsExactly(subject.statistics().host());
            Sums.hold(subject.statistics());
        }

        @Test
        void doesNotDependOnTheFlag() {
            client.flag.enabled = false;
            bench.worker.post(client.pipeline::flagChanged);
            hearsOf(client);
            assertThat(client.statistics().dropped(DropReason.FLAG_OFF)).isEqualTo(2);
        }

        @Test
        void doesNotDependOnAnUnknownFlag() {
            client.flag.enabled = null;
            hearsOf(client);
        }

        @Test
        void doesNotDependOnThePause() {
            client.pause(true);
            hearsOf(client);
        }

        @Test
        void doesNotDependOnTheHost() {
            hearsOf(bench.refused("b.example"));
        }

        @Test
        void doesNotDependOnExport() {
            Bench.Subject silent = bench.client("b.example", Bench.exporting(false, ExportLevel.DEBUG));
            hearsOf(silent);
            assertThat(silent.statistics().status()).isEqualTo(ClientStatus.EXPORT_OFF);
            assertThat(silent.statistics().dropped(DropReason.EXPORT_OFF)).isEqualTo(2);
            silent.close(Duration.ofSeconds(1));
            bench.runExports();
            assertThat(silent.closed).isTrue();
            assertThat(silent.exporter.batches()).isEmpty();
        }

        @Test
        void doesNotDependOnTheLevel() {
            hearsOf(bench.client("b.example", Bench.exporting(true, ExportLevel.ERROR)));
        }
    }

    @Nested
    class Levels {

        private Bench.Subject exporting(ExportLevel level) {
            Bench.Subject subject = bench.client("b.example", Bench.exporting(true, level));
            subject.statement();
            long key =
                    subject.emitter.statementStart(subject.session, OperationType.LIST_TABLES, StatementType.METADATA);
            subject.emitter.statementComplete(subject.session, key, 1_000, null);
            long failing = subject.emitter.statementStart(
                    subject.session, OperationType.EXECUTE_STATEMENT, StatementType.QUERY);
            subject.emitter.statementFailed(subject.session, failing, 1_000, null, new Exception("terminal"));
            subject.flush();
            bench.runExports();
            Sums.hold(subject.statistics());
            return subject;
        }

        @Test
        void debugSendsEverything() {
            Bench.Subject subject = exporting(ExportLevel.DEBUG);
            assertThat(subject.exporter.delivered()).hasSize(4);
        }

        @Test
        void infoLeavesMetadataCallsOut() {
            Bench.Subject subject = exporting(ExportLevel.INFO);
            assertThat(subject.exporter.delivered()).hasSize(3);
            assertThat(subject.statistics().dropped(DropReason.LEVEL)).isEqualTo(1);
        }

        @Test
        void errorSendsFailuresOnly() {
            Bench.Subject subject = exporting(ExportLevel.ERROR);
            assertThat(subject.exporter.delivered()).hasSize(1).allMatch(metric -> metric.error() != null);
            assertThat(subject.statistics().dropped(DropReason.LEVEL)).isEqualTo(3);
        }

        @Test
        void offSendsNothing() {
            Bench.Subject subject = exporting(ExportLevel.OFF);
            assertThat(subject.exporter.batches()).isEmpty();
            assertThat(subject.statistics().dropped(DropReason.EXPORT_OFF)).isEqualTo(4);
        }
    }

    @Nested
    class Closing {

        @Test
        void completesAndSendsWhatIsInFlight() {
            client.emitter.statementStart(client.session, OperationType.EXECUTE_STATEMENT, StatementType.QUERY);
            client.close(Duration.ofSeconds(2));
            bench.runExports();
            assertThat(client.closed).isTrue();
            assertThat(client.exporter.delivered()).hasSize(2);
            assertThat(client.exporter.isClosed()).isTrue();
            assertThat(client.flag.closed).isTrue();
            assertThat(client.statistics().status()).isEqualTo(ClientStatus.CLOSED);
        }

        @Test
        void sendsAllBatches() {
            client.statements(44);
            client.close(Duration.ofSeconds(2));
            bench.runExports();
            assertThat(client.exporter.delivered()).hasSize(45);
        }

        @Test
        void givesUpAfterOneFailedAttempt() {
            client.exporter.answer(ClientPipelineTest::refusedByBreaker);
            client.statements(44);
            client.close(Duration.ofSeconds(2));
            bench.runExports();
            assertThat(client.closed).isTrue();
            assertThat(client.statistics().dropped(DropReason.CLOSED)).isEqualTo(45);
            // The batch that was full before the end, and one attempt at the end.
            assertThat(client.exporter.batches().size()).isLessThanOrEqualTo(2);
        }

        @Test
        void endsInTimeWhileAnExportHangs() {
            client.statements(4);
            client.close(Duration.ofSeconds(2));
            assertThat(bench.exports).hasSize(1);
            bench.pass(Duration.ofMillis(1_999));
            assertThat(client.closed).isFalse();

            bench.pass(Duration.ofMillis(1));
            assertThat(client.closed).isTrue();
            TelemetryStatistics atTheEnd = client.statistics();
            assertThat(atTheEnd.dropped(DropReason.CLOSED)).isEqualTo(5);
            assertThat(atTheEnd.metrics().inFlight()).isZero();

            // The hanging export comes back after all: it is booked already.
            bench.runExports();
            assertThat(client.statistics()).isEqualTo(atTheEnd);
        }

        @Test
        void booksAnExportThatCameBackJustInTime() {
            client.close(Duration.ofSeconds(2));
            // It comes back when the worker has read its messages, in the round in which the time is over.
            bench.worker.post(() -> bench.exports.remove().run());
            bench.pass(Duration.ofSeconds(2));
            assertThat(client.closed).isTrue();
            assertThat(client.statistics().metrics().delivered()).isEqualTo(1);
            assertThat(client.statistics().dropped(DropReason.CLOSED)).isZero();
            bench.runExports();
            assertThat(client.statistics().metrics().delivered()).isEqualTo(1);
        }

        @Test
        void awaitsAnAnswerAboutTheFlag() {
            client.flag.enabled = null;
            client.flag.requestInFlight = true;
            client.close(Duration.ofSeconds(2));
            bench.pass(Duration.ofSeconds(1));
            assertThat(client.closed).isFalse();

            client.flag.enabled = true;
            bench.worker.post(client.pipeline::flagChanged);
            bench.runExports();
            assertThat(client.closed).isTrue();
            assertThat(client.exporter.delivered()).hasSize(1);
        }

        @Test
        void doesNotAwaitAFlagThatCouldNotBeAsked() {
            client.flag.enabled = null;
            client.flag.error = "ConnectException";
            client.close(Duration.ofSeconds(2));
            assertThat(client.closed).isTrue();
            assertThat(client.statistics().dropped(DropReason.CLOSED)).isEqualTo(1);
        }

        @Test
        void takesNothingAnyMore() {
            client.close(Duration.ofSeconds(2));
            bench.runExports();
            client.statement();
            assertThat(client.statistics().events().emitted()).isEqualTo(1);
        }

        @Test
        void countsEventsThatWereUnderWayAsClosed() {
            // An application thread has passed the check, then the client closes, then the event is offered.
            bench.worker.post(() -> client.pipeline.beginClose(bench.clock.nanoTime(), () -> {}));
            bench.runExports();
            client.statement();
            bench.worker.step();
            assertThat(client.statistics().dropped(DropReason.CLOSED)).isEqualTo(3);
            assertThat(client.statistics().events().queued()).isZero();
        }

        @Test
        void isHarmlessTwice() {
            client.close(Duration.ofSeconds(2));
            client.close(Duration.ofSeconds(1));
            bench.runExports();
            client.close(Duration.ofSeconds(1));
            assertThat(client.exporter.delivered()).hasSize(1);
        }
    }

    @Nested
    class Snapshots {

        @Test
        void countEventsByTypeAndPlace() {
            client.statements(2);
            TelemetryStatistics before = client.statistics();
            assertThat(before.events().queued()).isEqualTo(5);
            assertThat(before.events().aggregated()).isZero();
            assertThat(before.events().byType()).containsEntry(EventType.STATEMENT_START, 2L);

            bench.worker.step();
            TelemetryStatistics after = client.statistics();
            assertThat(after.events().queued()).isZero();
            assertThat(after.events().aggregated()).isEqualTo(5);
            assertThat(after.metrics().made()).isEqualTo(3);
            assertThat(after.host()).isEqualTo("a.example:443");
            assertThat(after.principal()).isEqualTo("test");
        }

        @Test
        void countRefusedEventsWhenTheQueueIsFull() {
            client.statements(600);
            TelemetryStatistics statistics = client.statistics();
            assertThat(statistics.events().emitted()).isEqualTo(1_201);
            assertThat(statistics.events().queued()).isEqualTo(1_024);
            assertThat(statistics.dropped(DropReason.QUEUE_FULL)).isEqualTo(177);
        }

        @Test
        void countEvictedStatements() {
            for (int i = 0; i < 25; i++) {
                client.emitter.statementStart(client.session, OperationType.EXECUTE_STATEMENT, StatementType.QUERY);
            }
            bench.worker.step();
            assertThat(client.statistics().statements().evicted()).isEqualTo(5);
            assertThat(client.statistics().statements().inFlight()).isEqualTo(20);

            bench.pass(Duration.ofMinutes(1));
            assertThat(client.statistics().statements().evicted()).isEqualTo(25);
        }
    }

    @Test
    void closesThoughItWasNeverOpened() {
        Bench.Subject lost = bench.unopened("lost.example");
        lost.close(Duration.ofSeconds(1));
        bench.pass(Duration.ofSeconds(1));
        assertThat(lost.closed).isTrue();
        assertThat(lost.statistics().dropped(DropReason.CLOSED)).isEqualTo(1);
        Sums.hold(lost.statistics());
    }

    @Test
    void listenersHearOfMetricsAndExportsAndMayThrow() {
        List<String> heard = new ArrayList<>();
        Bench other = new Bench(64);
        other.listeners.add(new TelemetryListener() {
            @Override
            public void onMetric(String host, TelemetryMetric metric) {
                throw new IllegalStateException();
            }

            @Override
            public void onExport(String host, ExportResult result, long durationNanos) {
                throw new AssertionError();
            }
        });
        other.listeners.add(new TelemetryListener() {
            @Override
            public void onMetric(String host, TelemetryMetric metric) {
                heard.add(host + " " + metric.eventId());
            }

            @Override
            public void onExport(String host, ExportResult result, long durationNanos) {
                heard.add(host + " " + result.outcome() + " " + durationNanos);
            }
        });
        Bench.Subject subject = other.client("b.example");
        subject.flush();
        other.worker.step();
        other.clock.advance(Duration.ofNanos(7));
        other.runExports();
        assertThat(heard).containsExactly("b.example:443 id-1", "b.example:443 SUCCESS 7");
        assertThat(other.guard.count()).isEqualTo(2);
    }
}
