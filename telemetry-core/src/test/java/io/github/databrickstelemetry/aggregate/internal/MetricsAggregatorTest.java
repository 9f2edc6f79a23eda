package io.github.databrickstelemetry.aggregate.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.ErrorMetric;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.SessionMetric;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.StatementMetric;
import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.event.DeferredResult;
import io.github.databrickstelemetry.event.ErrorDetails;
import io.github.databrickstelemetry.event.ErrorDetails.ErrorKind;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementResult;
import io.github.databrickstelemetry.event.StatementResult.ResultFormat;
import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.event.TelemetryEvent;
import io.github.databrickstelemetry.event.TelemetryEvent.CloudFetchChunk;
import io.github.databrickstelemetry.event.TelemetryEvent.ConnectionClose;
import io.github.databrickstelemetry.event.TelemetryEvent.ConnectionOpen;
import io.github.databrickstelemetry.event.TelemetryEvent.ErrorOccurred;
import io.github.databrickstelemetry.event.TelemetryEvent.StatementComplete;
import io.github.databrickstelemetry.event.TelemetryEvent.StatementPoll;
import io.github.databrickstelemetry.event.TelemetryEvent.StatementStart;
import io.github.databrickstelemetry.event.TelemetryEventEmitter;
import io.github.databrickstelemetry.event.TelemetrySession;
import io.github.databrickstelemetry.runtime.internal.CountingIds;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class MetricsAggregatorTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final TelemetrySession session = Events.session();
    private final List<TelemetryMetric> metrics = new ArrayList<>();
    private final Guard guard = new Guard(LoggerFactory.getLogger(MetricsAggregatorTest.class));
    private final MetricsAggregator aggregator = aggregator(3, 2);
    private long accepted;
    // Close to the overflow, as nanoTime may be.
    private long now = Long.MAX_VALUE - SECOND;

    private MetricsAggregator aggregator(int maxStatements, int maxErrors) {
        ClientSettings base = ClientSettings.DEFAULTS;
        ClientSettings settings = new ClientSettings(
                true,
                base.batchSize(),
                base.flushInterval(),
                base.maxPending(),
                maxStatements,
                maxErrors,
                Duration.ofSeconds(10),
                base.errorDetail(),
                base.export(),
                base.circuitBreaker(),
                base.featureFlag());
        return new MetricsAggregator(settings, new CountingIds(), guard, (metric, local) -> metrics.add(metric));
    }

    private void accept(TelemetryEvent... events) {
        for (TelemetryEvent event : events) {
            aggregator.accept(event, now);
        }
        accepted += events.length;
    }

    private long orphans() {
        return accepted - aggregator.aggregated();
    }

    private StatementStart start(long key) {
        return new StatementStart(
                session, key, 1_000 + key, OperationType.EXECUTE_STATEMENT, StatementType.QUERY, false, null);
    }

    private StatementComplete complete(long key) {
        return complete(key, StatementResult.ofId("s" + key), null);
    }

    private StatementComplete complete(long key, @Nullable StatementResult result, @Nullable ErrorDetails error) {
        return new StatementComplete(session, key, 77, result, error);
    }

    private CloudFetchChunk chunk(long key, int index, long latency, boolean compressed) {
        return new CloudFetchChunk(session, key, index, latency, compressed);
    }

    private ErrorOccurred error(long key, ErrorDetails details) {
        return new ErrorOccurred(session, key, 1_600, details);
    }

    private StatementMetric onlyStatement() {
        assertThat(metrics).hasOnlyElementsOfType(StatementMetric.class).hasSize(1);
        return (StatementMetric) metrics.get(0);
    }

    @Nested
    class Sessions {

        @Test
        void areReportedAtOnce() {
            accept(new ConnectionOpen(session, 10, 5), new ConnectionClose(session, 20, 6));
            assertThat(metrics)
                    .containsExactly(
                            new SessionMetric("id-1", session, 10, OperationType.CREATE_SESSION, 5),
                            new SessionMetric("id-2", session, 20, OperationType.DELETE_SESSION, 6));
            assertThat(aggregator.aggregated()).isEqualTo(2);
        }

        @Test
        void haveNoNegativeLatency() {
            accept(new ConnectionOpen(session, 10, Long.MIN_VALUE));
            assertThat(((SessionMetric) metrics.get(0)).latencyNanos()).isZero();
        }

        @Test
        void errorsWithoutAStatementAreReportedAtOnce() {
            accept(error(TelemetryEventEmitter.NO_STATEMENT, Events.OTHER));
            assertThat(metrics).containsExactly(new ErrorMetric("id-1", session, 1_600, null, Events.OTHER));
        }
    }

    @Nested
    class Statements {

        @Test
        void areHeldUntilTheyComplete() {
            accept(start(1), chunk(1, 0, 5, false));
            assertThat(metrics).isEmpty();
            assertThat(aggregator.inFlight()).isEqualTo(1);

            accept(complete(1));

            StatementMetric metric = onlyStatement();
            assertThat(metric.statementId()).isEqualTo("s1");
            assertThat(metric.session().sessionId()).isEqualTo("session");
            assertThat(metric.timestampMillis()).isEqualTo(1_001);
            assertThat(metric.latencyNanos()).isEqualTo(77);
            assertThat(metric.operation()).isEqualTo(OperationType.EXECUTE_STATEMENT);
            assertThat(metric.statementType()).isEqualTo(StatementType.QUERY);
            assertThat(metric.error()).isNull();
            assertThat(aggregator.inFlight()).isZero();
        }

        @Test
        void areKeptApartByTheirKeys() {
            accept(start(1), start(2), chunk(2, 0, 9, false), chunk(1, 0, 4, true), complete(2), complete(1));
            assertThat(metrics)
                    .map(metric -> ((StatementMetric) metric).statementId())
                    .containsExactly("s2", "s1");
            assertThat(metrics)
                    .map(metric -> ((StatementMetric) metric).result())
                    .extracting(result -> result.chunks().sumNanos())
                    .containsExactly(9L, 4L);
        }

        @Test
        void getARandomIdWhereTheServerShowsNone() {
            accept(start(1), complete(1, null, null), start(2), complete(2, StatementResult.ofId(""), null));
            assertThat(metrics)
                    .map(metric -> ((StatementMetric) metric).statementId())
                    .containsExactly("id-1", "id-3");
        }

        @Test
        void haveNoResultWhenNothingIsKnown() {
            accept(start(1), complete(1, null, null));
            assertThat(onlyStatement().result()).isNull();
        }

        @Test
        void areReportedWithoutAResultThatCannotBeRead() {
            DeferredResult broken = () -> {
                throw new IllegalStateException("driver");
            };
            aggregator.accept(start(1), now);
            aggregator.accept(new StatementComplete(session, 1, 7, broken, null), now);
            assertThat(onlyStatement().latencyNanos()).isEqualTo(7);
            assertThat(onlyStatement().result()).isNull();
            assertThat(guard.count()).isEqualTo(1);
        }

        @Test
        void thatNeverStartedAreIgnored() {
            accept(complete(9), chunk(9, 0, 1, true), new StatementPoll(session, 9, 1), error(9, Events.TERMINAL));
            assertThat(metrics).isEmpty();
            assertThat(orphans()).isEqualTo(4);
            assertThat(aggregator.aggregated()).isZero();
        }

        @Test
        void areReportedOnceWhateverFollows() {
            accept(start(1), complete(1), complete(1), chunk(1, 0, 1, true), error(1, Events.OTHER));
            onlyStatement();
            assertThat(orphans()).isEqualTo(3);
        }

        @Test
        void startOnceOnly() {
            accept(start(1), chunk(1, 0, 5, false), start(1), complete(1));
            assertThat(onlyStatement().result()).isNotNull();
            assertThat(orphans()).isEqualTo(1);
            assertThat(aggregator.aggregated()).isEqualTo(3);
        }

        @Test
        void mayTakeTheKeyOfOneThatHasEnded() {
            accept(start(1), complete(1), start(1), complete(1));
            assertThat(metrics).hasSize(2);
            assertThat(orphans()).isZero();
        }

        @Test
        void haveNoNegativeLatency() {
            aggregator.accept(
                    new StatementStart(
                            session, 1, Long.MAX_VALUE, OperationType.LIST_TABLES, StatementType.METADATA, false, null),
                    now);
            aggregator.accept(new StatementComplete(session, 1, -5, null, null), now);
            assertThat(onlyStatement().latencyNanos()).isZero();
            assertThat(onlyStatement().timestampMillis()).isEqualTo(Long.MAX_VALUE);
        }
    }

    @Nested
    class Chunks {

        private StatementResult result(StatementResult told, TelemetryEvent... events) {
            accept(start(1));
            accept(events);
            accept(complete(1, told, null));
            return Objects.requireNonNull(onlyStatement().result());
        }

        @Test
        void addUpToFirstSlowestAndSum() {
            StatementResult result = result(
                    StatementResult.ofId("s"), chunk(1, 2, 30, false), chunk(1, 0, 10, true), chunk(1, 1, 50, false));
            assertThat(result.chunks().iterated()).isEqualTo(3);
            assertThat(result.chunks().firstNanos()).isEqualTo(10);
            assertThat(result.chunks().slowestNanos()).isEqualTo(50);
            assertThat(result.chunks().sumNanos()).isEqualTo(90);
            assertThat(result.compressed()).isTrue();
            assertThat(result.format()).isEqualTo(ResultFormat.EXTERNAL_LINKS);
            assertThat(result.statementId()).isEqualTo("s");
        }

        @Test
        void countOnlyPositiveLatenciesAndBytes() {
            StatementResult result = result(
                    StatementResult.ofId("s"), chunk(1, 0, -10, false), chunk(1, 1, 0, false), chunk(1, 2, 20, false));
            assertThat(result.chunks().iterated()).isEqualTo(3);
            assertThat(result.chunks().firstNanos()).isEqualTo(20);
            assertThat(result.chunks().slowestNanos()).isEqualTo(20);
            assertThat(result.chunks().sumNanos()).isEqualTo(20);
            assertThat(result.compressed()).isFalse();
        }

        @Test
        void saturateInsteadOfOverflowing() {
            StatementResult result = result(
                    StatementResult.ofId("s"), chunk(1, 0, Long.MAX_VALUE, false), chunk(1, 1, Long.MAX_VALUE, false));
            assertThat(result.chunks().sumNanos()).isEqualTo(Long.MAX_VALUE);
        }

        @Test
        void areNotCountedTwiceWhenTheDriverTellsThemToo() {
            StatementResult driver = new StatementResult(
                    "s",
                    ResultFormat.INLINE_ARROW,
                    false,
                    new StatementResult.Chunks(9, 8, 15, 40, 400),
                    new StatementResult.Polls(6, 66),
                    new StatementResult.Latency(3, 4, 0),
                    2);
            StatementResult result =
                    result(driver, chunk(1, 0, 10, true), chunk(1, 1, 50, false), new StatementPoll(session, 1, 70));
            assertThat(result)
                    .isEqualTo(new StatementResult(
                            "s",
                            ResultFormat.INLINE_ARROW,
                            true,
                            new StatementResult.Chunks(9, 8, 15, 50, 400),
                            new StatementResult.Polls(6, 70),
                            new StatementResult.Latency(3, 4, 0),
                            2));
        }

        @Test
        void pollsAreCountedAndSummed() {
            StatementResult result = result(
                    StatementResult.ofId("s"),
                    new StatementPoll(session, 1, 5),
                    new StatementPoll(session, 1, -5),
                    new StatementPoll(session, 1, 7));
            assertThat(result.polls().count()).isEqualTo(3);
            assertThat(result.polls().nanos()).isEqualTo(12);
            assertThat(result.format()).isEqualTo(ResultFormat.FORMAT_UNSPECIFIED);
        }
    }

    @Nested
    class Errors {

        @Test
        void ofTheExecuteCallAreInsideTheStatement() {
            accept(start(1), complete(1, StatementResult.ofId("s1"), Events.TERMINAL));
            StatementMetric metric = onlyStatement();
            assertThat(metric.error()).isEqualTo(Events.TERMINAL);
            assertThat(metric.statementId()).isEqualTo("s1");
            assertThat(metric.latencyNanos()).isEqualTo(77);
        }

        @Test
        void thatNoRetryCuresSendTheStatementOffAtOnce() {
            accept(start(1), chunk(1, 0, 5, false), error(1, Events.TERMINAL));
            StatementMetric metric = onlyStatement();
            assertThat(metric.error()).isEqualTo(Events.TERMINAL);
            assertThat(metric.result()).isNotNull();
            assertThat(aggregator.inFlight()).isZero();

            accept(complete(1), error(1, Events.TERMINAL));
            onlyStatement();
            assertThat(orphans()).isEqualTo(2);
        }

        @Test
        void thatARetryMayCureAreHeldAndFollowTheStatement() {
            accept(start(1), error(1, Events.RETRYABLE), error(1, Events.OTHER));
            assertThat(metrics).isEmpty();

            accept(complete(1));

            assertThat(metrics).hasSize(3);
            assertThat(metrics.get(0).error()).isNull();
            assertThat(metrics.subList(1, 3))
                    .allSatisfy(metric ->
                            assertThat(((ErrorMetric) metric).statementId()).isEqualTo("s1"))
                    .extracting(TelemetryMetric::error)
                    .containsExactly(Events.RETRYABLE, Events.OTHER);
        }

        @Test
        void areBoundedPerStatement() {
            accept(start(1));
            for (int i = 0; i < 100; i++) {
                accept(error(1, Events.error(ErrorKind.RETRYABLE, "E" + i)));
            }
            accept(complete(1));
            assertThat(metrics).hasSize(3);
            assertThat(aggregator.aggregated()).isEqualTo(102);
        }
    }

    @Nested
    class Eviction {

        @Test
        void givesUpTheOldestWhenTheMapIsFull() {
            accept(start(1), start(2), start(3), start(4));
            assertThat(aggregator.inFlight()).isEqualTo(3);
            assertThat(aggregator.evicted()).isEqualTo(1);
            assertThat(metrics).isEmpty();

            accept(complete(1));
            assertThat(orphans()).isEqualTo(1);
        }

        @Test
        void givesUpWhatIsOlderThanItsTimeToLive() {
            accept(start(1));
            now += 9 * SECOND;
            accept(start(2));
            assertThat(aggregator.nanosUntilEviction(now)).isEqualTo(SECOND);
            aggregator.evictExpired(now);
            assertThat(aggregator.evicted()).isZero();

            now += SECOND;
            aggregator.evictExpired(now);
            assertThat(aggregator.evicted()).isEqualTo(1);
            assertThat(aggregator.inFlight()).isEqualTo(1);
            assertThat(aggregator.nanosUntilEviction(now)).isEqualTo(9 * SECOND);
        }

        @Test
        void letsErrorsSurviveUnderOneId() {
            accept(start(1), error(1, Events.RETRYABLE), error(1, Events.OTHER));
            now += 10 * SECOND;
            aggregator.evictExpired(now);
            assertThat(metrics).hasOnlyElementsOfType(ErrorMetric.class).hasSize(2);
            assertThat(metrics)
                    .map(metric -> ((ErrorMetric) metric).statementId())
                    .containsOnly("id-1");
        }

        @Test
        void isNotDueWithoutStatements() {
            assertThat(aggregator.nanosUntilEviction(now)).isEqualTo(Long.MAX_VALUE);
        }

        @Test
        void boundsMemoryWhenNothingEverCompletes() {
            MetricsAggregator many = aggregator(5_000, 2);
            for (long key = 1; key <= 100_000; key++) {
                many.accept(start(key), now);
            }
            assertThat(many.inFlight()).isEqualTo(5_000);
            assertThat(many.evicted()).isEqualTo(95_000);
            assertThat(many.aggregated()).isEqualTo(100_000);
        }
    }

    @Test
    void theEndReportsWhatIsInFlight() {
        accept(start(1), start(2), chunk(2, 0, 5, false), error(2, Events.RETRYABLE));
        aggregator.completeAll();
        assertThat(metrics).hasSize(3);
        assertThat(metrics.get(2)).isInstanceOf(ErrorMetric.class);
        assertThat(aggregator.inFlight()).isZero();
        aggregator.completeAll();
        assertThat(metrics).hasSize(3);
    }

    @Test
    void aMetricThatCannotBeTakenAtTheEndStopsNoOther() {
        List<TelemetryMetric> taken = new ArrayList<>();
        List<TelemetryMetric> offered = new ArrayList<>();
        MetricsAggregator failing =
                new MetricsAggregator(ClientSettings.DEFAULTS, new CountingIds(), guard, (metric, local) -> {
                    offered.add(metric);
                    if (offered.size() == 1) {
                        throw new LinkageError("of the test");
                    }
                    taken.add(metric);
                });
        for (long key = 1; key <= 3; key++) {
            failing.accept(start(key), now);
        }
        failing.completeAll();
        assertThat(taken).hasSize(2);
        assertThat(failing.inFlight()).isZero();
        assertThat(guard.count()).isEqualTo(1);
    }

    @Test
    void everyMetricHasAnEventIdOfItsOwn() {
        accept(new ConnectionOpen(session, 1, 1), start(1), error(1, Events.RETRYABLE), complete(1));
        assertThat(metrics).extracting(TelemetryMetric::eventId).hasSize(3).doesNotHaveDuplicates();
    }
}
