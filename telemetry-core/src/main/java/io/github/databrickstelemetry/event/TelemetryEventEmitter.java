package io.github.databrickstelemetry.event;

import io.github.databrickstelemetry.event.ErrorDetails.ErrorKind;
import io.github.databrickstelemetry.event.TelemetryEvent.CloudFetchChunk;
import io.github.databrickstelemetry.event.TelemetryEvent.ConnectionClose;
import io.github.databrickstelemetry.event.TelemetryEvent.ConnectionOpen;
import io.github.databrickstelemetry.event.TelemetryEvent.ErrorOccurred;
import io.github.databrickstelemetry.event.TelemetryEvent.StatementComplete;
import io.github.databrickstelemetry.event.TelemetryEvent.StatementPoll;
import io.github.databrickstelemetry.event.TelemetryEvent.StatementStart;
import io.github.databrickstelemetry.runtime.internal.EventClock;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.runtime.internal.TelemetryClock;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The way into the engine: one method per kind of event. Thread-safe. No method ever throws, blocks, or does I/O; when
 * telemetry is disabled each returns at once and counts nothing.
 *
 * <p>Instrumentation calls it, and applications may: inject a {@code TelemetryClient} and use its emitter. All durations
 * are nanoseconds; what is not positive counts as not known. A session of another client is ignored.
 *
 * <p>A statement is reported once. It begins with {@link #statementStart} and ends with {@link #statementComplete} or
 * {@link #statementFailed}; an {@link #error} that no retry can cure ends it as well. Whatever is emitted for a
 * statement that has ended, or never began, is counted as dropped ({@code orphan}).
 */
public final class TelemetryEventEmitter {

    /** The key that stands for "no statement". The methods that end or describe a statement do nothing for it. */
    public static final long NO_STATEMENT = 0;

    private final EventOwner owner;
    private final EventClock clock;
    private final Supplier<String> ids;
    private final Function<Throwable, ErrorDetails> describer;
    private final Guard guard;
    private final AtomicLong lastStatementKey = new AtomicLong();

    /**
     * For the engine.
     *
     * @param ids for sessions without an id of the server's
     * @param describer says what may be reported of a failure; called on application threads
     */
    public TelemetryEventEmitter(
            EventOwner owner,
            EventClock clock,
            Supplier<String> ids,
            Function<Throwable, ErrorDetails> describer,
            Guard guard) {
        this.owner = owner;
        this.clock = clock;
        this.ids = ids;
        this.describer = describer;
        this.guard = guard;
    }

    /** An emitter that takes no events, for applications whose telemetry is off. */
    public static TelemetryEventEmitter disabled() {
        return Disabled.EMITTER;
    }

    /** Made with the first use, because most applications never need it. */
    private static final class Disabled implements EventOwner {

        private static final TelemetryEventEmitter EMITTER = new TelemetryEventEmitter(
                new Disabled(),
                new EventClock(TelemetryClock.SYSTEM),
                () -> "disabled",
                failure -> new ErrorDetails(ErrorKind.OTHER, failure.getClass().getName(), null, 0, 0, null, null),
                new Guard(LoggerFactory.getLogger(TelemetryEventEmitter.class)));

        @Override
        public boolean takesEvents() {
            return false;
        }

        @Override
        public void offer(TelemetryEvent event) {}

        @Override
        public void accept(TelemetryEvent event) {}
    }

    /** Whether events are taken at present. Callers may skip gathering details when not. */
    public boolean isEnabled() {
        try {
            return owner.takesEvents();
        } catch (Throwable failure) {
            guard.swallowed("the kill switch", failure);
            return false;
        }
    }

    /**
     * A physical connection was opened.
     *
     * @param sessionId the server's session id, or null to have a random one made
     * @param details what is the same for all sessions of the data source
     * @param latencyNanos how long opening took
     * @return the session, to be given to the other methods; never null, also when disabled
     */
    public TelemetrySession connectionOpen(@Nullable String sessionId, ConnectionDetails details, long latencyNanos) {
        TelemetrySession session = new TelemetrySession(
                owner,
                sessionId == null ? newSessionId() : sessionId,
                details == null ? ConnectionDetails.UNKNOWN : details);
        try {
            if (takes(session)) {
                owner.offer(new ConnectionOpen(session, now(), latencyNanos));
            }
        } catch (Throwable failure) {
            guard.swallowed("connection.open", failure);
        }
        return session;
    }

    private @Nullable String newSessionId() {
        try {
            return ids.get();
        } catch (Throwable failure) {
            guard.swallowed("connection.open", failure);
            return null;
        }
    }

    /** An attempt to open a connection failed. */
    public void connectionFailed(ConnectionDetails details, Throwable failure) {
        try {
            error(new TelemetrySession(owner, null, details), NO_STATEMENT, failure);
        } catch (Throwable inner) {
            guard.swallowed("error", inner);
        }
    }

    /**
     * A physical connection was closed.
     *
     * @param latencyNanos how long closing took
     */
    public void connectionClose(TelemetrySession session, long latencyNanos) {
        try {
            if (takes(session)) {
                owner.offer(new ConnectionClose(session, now(), latencyNanos));
            }
        } catch (Throwable failure) {
            guard.swallowed("connection.close", failure);
        }
    }

    /**
     * A statement begins to execute.
     *
     * @return its key, or {@link #NO_STATEMENT} when disabled
     */
    public long statementStart(TelemetrySession session, OperationType operation, StatementType type) {
        return statementStart(session, operation, type, clock.nanoTime(), false, null);
    }

    /**
     * A statement begins to execute.
     *
     * @param nanoTime when, as the caller has read it from {@link System#nanoTime()}, which spares a clock reading
     * @param internalCall whether the driver runs it for a method of {@code Connection}
     * @param local details for the application's own tools, or null
     * @return its key, or {@link #NO_STATEMENT} when disabled
     */
    public long statementStart(
            TelemetrySession session,
            OperationType operation,
            StatementType type,
            long nanoTime,
            boolean internalCall,
            @Nullable LocalDetails local) {
        try {
            if (takes(session)) {
                Objects.requireNonNull(operation);
                Objects.requireNonNull(type);
                long timestampMillis = clock.epochMillisAt(nanoTime);
                long key = lastStatementKey.incrementAndGet();
                owner.offer(new StatementStart(session, key, timestampMillis, operation, type, internalCall, local));
                return key;
            }
        } catch (Throwable failure) {
            guard.swallowed("statement.start", failure);
        }
        return NO_STATEMENT;
    }

    /**
     * A statement ended well: closed, executed again, or its connection closed.
     *
     * @param latencyNanos duration of the execute call, not of the time until close
     * @param result what the driver knows of the result, or null when nothing
     */
    public void statementComplete(
            TelemetrySession session, long statementKey, long latencyNanos, @Nullable DeferredResult result) {
        try {
            if (statementKey != NO_STATEMENT && takes(session)) {
                owner.offer(new StatementComplete(session, statementKey, latencyNanos, result, null));
            }
        } catch (Throwable failure) {
            guard.swallowed("statement.complete", failure);
        }
    }

    /**
     * A statement's execute call failed; this completes it.
     *
     * @param latencyNanos duration of the execute call
     * @param result what the driver knows, for example the server's id, or null when nothing
     */
    public void statementFailed(
            TelemetrySession session,
            long statementKey,
            long latencyNanos,
            @Nullable DeferredResult result,
            Throwable failure) {
        try {
            if (statementKey != NO_STATEMENT && takes(session)) {
                ErrorDetails error = Objects.requireNonNull(describer.apply(failure));
                owner.offer(new StatementComplete(session, statementKey, latencyNanos, result, error));
            }
        } catch (Throwable inner) {
            guard.swallowed("statement.complete", inner);
        }
    }

    /** The status of a running statement was requested, which took {@code latencyNanos}. */
    public void statementPoll(TelemetrySession session, long statementKey, long latencyNanos) {
        try {
            if (statementKey != NO_STATEMENT && takes(session)) {
                owner.offer(new StatementPoll(session, statementKey, latencyNanos));
            }
        } catch (Throwable failure) {
            guard.swallowed("statement.poll", failure);
        }
    }

    /**
     * A CloudFetch chunk was downloaded.
     *
     * @param chunkIndex zero-based
     * @param latencyNanos download time
     * @param compressed whether it was compressed
     */
    public void cloudFetchChunk(
            TelemetrySession session, long statementKey, int chunkIndex, long latencyNanos, boolean compressed) {
        try {
            if (statementKey != NO_STATEMENT && takes(session)) {
                owner.offer(new CloudFetchChunk(session, statementKey, chunkIndex, latencyNanos, compressed));
            }
        } catch (Throwable failure) {
            guard.swallowed("cloudfetch.chunk", failure);
        }
    }

    /**
     * Something failed that does not complete a statement.
     *
     * @param statementKey the statement concerned, or {@link #NO_STATEMENT}
     */
    public void error(TelemetrySession session, long statementKey, Throwable failure) {
        try {
            if (takes(session)) {
                ErrorDetails error = Objects.requireNonNull(describer.apply(failure));
                owner.offer(new ErrorOccurred(session, statementKey, now(), error));
            }
        } catch (Throwable inner) {
            guard.swallowed("error", inner);
        }
    }

    private boolean takes(TelemetrySession session) {
        return owner.takesEvents() && session.owner() == owner;
    }

    private long now() {
        return clock.epochMillisAt(clock.nanoTime());
    }
}
