package io.github.databrickstelemetry.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.databrickstelemetry.event.ErrorDetails.ErrorKind;
import io.github.databrickstelemetry.event.StatementResult.ResultFormat;
import io.github.databrickstelemetry.event.TelemetryEvent.CloudFetchChunk;
import io.github.databrickstelemetry.event.TelemetryEvent.ConnectionClose;
import io.github.databrickstelemetry.event.TelemetryEvent.ConnectionOpen;
import io.github.databrickstelemetry.event.TelemetryEvent.ErrorOccurred;
import io.github.databrickstelemetry.event.TelemetryEvent.StatementComplete;
import io.github.databrickstelemetry.event.TelemetryEvent.StatementPoll;
import io.github.databrickstelemetry.event.TelemetryEvent.StatementStart;
import io.github.databrickstelemetry.runtime.internal.CountingIds;
import io.github.databrickstelemetry.runtime.internal.EventClock;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.runtime.internal.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class TelemetryEventEmitterTest {

    private static final ErrorDetails BROKEN =
            new ErrorDetails(ErrorKind.OTHER, "java.lang.Exception", null, 0, 0, null, null);

    private final List<TelemetryEvent> queue = new ArrayList<>();
    private final AtomicBoolean enabled = new AtomicBoolean(true);
    private final ManualClock clock = new ManualClock();
    private final Logger logger = (Logger) LoggerFactory.getLogger(TelemetryEventEmitterTest.class);
    private final Guard guard = new Guard(logger);
    private final EventOwner owner = new Owner(enabled::get, queue::add);
    private final TelemetryEventEmitter emitter = emitter(owner, failure -> BROKEN);

    private record Owner(BooleanSupplier enabled, Consumer<TelemetryEvent> queue) implements EventOwner {

        @Override
        public boolean takesEvents() {
            return enabled.getAsBoolean();
        }

        @Override
        public void offer(TelemetryEvent event) {
            queue.accept(event);
        }

        @Override
        public void accept(TelemetryEvent event) {}
    }

    private TelemetryEventEmitter emitter(EventOwner eventOwner, Function<Throwable, ErrorDetails> describer) {
        return new TelemetryEventEmitter(eventOwner, new EventClock(clock), new CountingIds(), describer, guard);
    }

    private TelemetrySession session() {
        return emitter.connectionOpen("session", ConnectionDetails.UNKNOWN, 5);
    }

    @Test
    void aSessionAndItsEventsShowNeitherIdNorDetails() {
        assertThat(session()).hasToString("TelemetrySession");
        assertThat(queue.get(0).toString()).doesNotContain("ConnectionDetails");
    }

    @Test
    void emitsEachKindOfEventWithAllItsFields() {
        TelemetrySession session = session();
        clock.advance(Duration.ofMillis(10));
        StatementResult result = StatementResult.ofId("statement");
        long key = emitter.statementStart(session, OperationType.EXECUTE_STATEMENT, StatementType.QUERY);
        emitter.statementPoll(session, key, 7);
        emitter.cloudFetchChunk(session, key, 3, 8, true);
        emitter.error(session, key, new Exception());
        emitter.statementComplete(session, key, 11, result);
        emitter.statementFailed(session, key, 12, null, new Exception());
        emitter.connectionClose(session, 6);

        long opened = ManualClock.START_MILLIS;
        long then = opened + 10;
        assertThat(queue)
                .containsExactly(
                        new ConnectionOpen(session, opened, 5),
                        new StatementStart(
                                session, key, then, OperationType.EXECUTE_STATEMENT, StatementType.QUERY, false, null),
                        new StatementPoll(session, key, 7),
                        new CloudFetchChunk(session, key, 3, 8, true),
                        new ErrorOccurred(session, key, then, BROKEN),
                        new StatementComplete(session, key, 11, result, null),
                        new StatementComplete(session, key, 12, null, BROKEN),
                        new ConnectionClose(session, then, 6));
        assertThat(queue).extracting(TelemetryEvent::type).contains(EventType.values());
        assertThat(session.owner()).isSameAs(owner);
        assertThat(session.sessionId()).isEqualTo("session");
    }

    @Test
    void usesTheReadingThatTheCallerHasTaken() {
        TelemetrySession session = session();
        long start = clock.nanoTime();
        clock.advance(Duration.ofSeconds(5));
        emitter.statementStart(session, OperationType.EXECUTE_STATEMENT, StatementType.QUERY, start, false, null);

        assertThat(((StatementStart) queue.get(1)).timestampMillis()).isEqualTo(ManualClock.START_MILLIS);
    }

    @Test
    void givesEveryStatementAKeyOfItsOwn() {
        TelemetrySession one = session();
        TelemetrySession two = session();
        List<Long> keys = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            keys.add(emitter.statementStart(one, OperationType.EXECUTE_STATEMENT, StatementType.QUERY));
            keys.add(emitter.statementStart(two, OperationType.EXECUTE_STATEMENT, StatementType.QUERY));
        }
        assertThat(keys).doesNotHaveDuplicates().doesNotContain(TelemetryEventEmitter.NO_STATEMENT);
    }

    @Test
    void makesASessionIdWhereTheServerShowsNone() {
        assertThat(emitter.connectionOpen(null, ConnectionDetails.UNKNOWN, 1).sessionId())
                .isEqualTo("id-1");
    }

    @Test
    void reportsAFailedConnectionWithoutASessionId() {
        emitter.connectionFailed(ConnectionDetails.UNKNOWN, new Exception());
        assertThat(queue).singleElement().satisfies(event -> {
            assertThat(event).isInstanceOf(ErrorOccurred.class);
            assertThat(event.session().sessionId()).isNull();
            assertThat(((ErrorOccurred) event).statementKey()).isEqualTo(TelemetryEventEmitter.NO_STATEMENT);
        });
    }

    @Test
    void ignoresASessionOfAnotherClient() {
        TelemetrySession foreign = TelemetryEventEmitter.disabled().connectionOpen("x", ConnectionDetails.UNKNOWN, 1);

        assertThat(emitter.statementStart(foreign, OperationType.EXECUTE_STATEMENT, StatementType.QUERY))
                .isEqualTo(TelemetryEventEmitter.NO_STATEMENT);
        emitter.error(foreign, 7, new Exception());

        assertThat(queue).isEmpty();
    }

    @Test
    void doesNothingForNoStatement() {
        TelemetrySession session = session();
        queue.clear();
        long none = TelemetryEventEmitter.NO_STATEMENT;
        emitter.statementComplete(session, none, 1, null);
        emitter.statementFailed(session, none, 1, null, new Exception());
        emitter.statementPoll(session, none, 1);
        emitter.cloudFetchChunk(session, none, 0, 1, false);
        assertThat(queue).isEmpty();
    }

    @Nested
    class WhenDisabled {

        @Test
        void takesNothingAndCountsNothing() {
            TelemetrySession session = session();
            queue.clear();
            enabled.set(false);

            assertThat(emitter.isEnabled()).isFalse();
            long key = emitter.statementStart(session, OperationType.EXECUTE_STATEMENT, StatementType.QUERY);
            assertThat(key).isEqualTo(TelemetryEventEmitter.NO_STATEMENT);
            assertThat(emitter.statementStart(
                            session, OperationType.EXECUTE_STATEMENT, StatementType.QUERY, 1, false, null))
                    .isEqualTo(TelemetryEventEmitter.NO_STATEMENT);
            emitter.statementComplete(session, 1, 1, null);
            emitter.statementFailed(session, 1, 1, null, new Exception());
            emitter.statementPoll(session, 1, 1);
            emitter.cloudFetchChunk(session, 1, 0, 1, false);
            emitter.error(session, 1, new Exception());
            emitter.connectionClose(session, 1);
            emitter.connectionFailed(ConnectionDetails.UNKNOWN, new Exception());

            assertThat(queue).isEmpty();
        }

        @Test
        void stillHandsOutSessions() {
            enabled.set(false);
            assertThat(emitter.connectionOpen("s", ConnectionDetails.UNKNOWN, 1).sessionId())
                    .isEqualTo("s");
        }
    }

    @Nested
    class Swallowing {

        private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

        @Test
        void nothingReachesTheCallerWhateverFails() {
            logger.setLevel(Level.TRACE);
            lines.start();
            logger.addAppender(lines);
            EventOwner broke = new Owner(() -> true, event -> {
                throw new IllegalStateException("queue");
            });
            TelemetryEventEmitter broken = emitter(broke, failure -> {
                throw new LinkageError("describer");
            });
            TelemetrySession session = new TelemetrySession(broke, "session", ConnectionDetails.UNKNOWN);

            assertThatCode(() -> {
                        broken.connectionOpen("s", ConnectionDetails.UNKNOWN, 1);
                        broken.connectionFailed(ConnectionDetails.UNKNOWN, new Exception());
                        broken.connectionClose(session, 1);
                        broken.statementStart(session, OperationType.EXECUTE_STATEMENT, StatementType.QUERY);
                        broken.statementComplete(session, 1, 1, null);
                        broken.statementFailed(session, 1, 1, null, new Exception());
                        broken.statementPoll(session, 1, 1);
                        broken.cloudFetchChunk(session, 1, 0, 1, false);
                        broken.error(session, 1, new Exception());
                    })
                    .doesNotThrowAnyException();

            logger.detachAppender(lines);
            assertThat(guard.count()).isEqualTo(9);
            assertThat(lines.list)
                    .hasSize(9)
                    .allSatisfy(line -> assertThat(line.getLevel()).isEqualTo(Level.DEBUG))
                    .noneSatisfy(line -> assertThat(line.getFormattedMessage()).containsAnyOf("queue", "describer"));
        }

        @Test
        @SuppressWarnings("NullAway") // What an application without null checks may do.
        void nullsDoNotThrow() {
            assertThatCode(() -> {
                        emitter.connectionOpen(null, null, -1);
                        emitter.connectionFailed(null, null);
                        emitter.connectionClose(null, 1);
                        emitter.statementStart(null, null, null);
                        emitter.statementStart(session(), null, null);
                        emitter.statementComplete(null, 1, 1, null);
                        emitter.statementFailed(null, 1, 1, null, null);
                        emitter.statementPoll(null, 1, 1);
                        emitter.cloudFetchChunk(null, 1, 0, 1, false);
                        emitter.error(null, 1, null);
                    })
                    .doesNotThrowAnyException();
        }

        @Test
        void aKillSwitchThatFailsCountsAsOff() {
            EventOwner broke = new Owner(
                    () -> {
                        throw new IllegalStateException();
                    },
                    queue::add);
            TelemetryEventEmitter broken = emitter(broke, failure -> BROKEN);
            assertThat(broken.isEnabled()).isFalse();
        }
    }

    @Nested
    class HostileText {

        private final String huge = "x".repeat(5_000_000);

        @Test
        void isCutWhereItEnters() {
            TelemetrySession session = emitter.connectionOpen(
                    huge,
                    new ConnectionDetails(huge, huge, huge, huge, huge, huge, huge, Map.of("p", huge, huge, 1)),
                    1);

            assertThat(session.sessionId()).hasSize(Text.NAME);
            assertThat(session.details().httpPath()).hasSize(Text.NAME);
            assertThat(session.details().parameters()).containsOnlyKeys("p");
            assertThat((String) session.details().parameters().get("p")).hasSize(Text.NAME);
            assertThat(StatementResult.ofId(huge).statementId()).hasSize(Text.NAME);
            ErrorDetails error = new ErrorDetails(ErrorKind.OTHER, huge, huge, 0, 0, huge, huge);
            assertThat(error.exceptionClass()).hasSize(Text.NAME);
            assertThat(error.message()).hasSize(Text.LONG);
        }

        @Test
        void isNotCutThroughACharacter() {
            String text = "x".repeat(Text.NAME - 1) + "\uD83D\uDE00";
            assertThat(StatementResult.ofId(text).statementId()).isEqualTo("x".repeat(Text.NAME - 1));
        }

        @Test
        void negativeNumbersMeanNotKnown() {
            StatementResult result = new StatementResult(
                    null,
                    ResultFormat.INLINE_JSON,
                    false,
                    new StatementResult.Chunks(-1, -1, -1, -1, -1),
                    new StatementResult.Polls(-1, -1),
                    new StatementResult.Latency(-1, -1, 0),
                    -1);
            assertThat(result)
                    .isEqualTo(new StatementResult(
                            null,
                            ResultFormat.INLINE_JSON,
                            false,
                            new StatementResult.Chunks(0, 0, 0, 0, 0),
                            new StatementResult.Polls(0, 0),
                            new StatementResult.Latency(0, 0, 0),
                            0));
        }
    }
}
