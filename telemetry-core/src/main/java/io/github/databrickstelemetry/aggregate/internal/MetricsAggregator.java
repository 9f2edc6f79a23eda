package io.github.databrickstelemetry.aggregate.internal;

import static io.github.databrickstelemetry.event.TelemetryEventEmitter.NO_STATEMENT;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.ErrorMetric;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.SessionMetric;
import io.github.databrickstelemetry.config.ClientSettings;
import io.github.databrickstelemetry.event.DeferredResult;
import io.github.databrickstelemetry.event.ErrorDetails;
import io.github.databrickstelemetry.event.ErrorDetails.ErrorKind;
import io.github.databrickstelemetry.event.LocalDetails;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementResult;
import io.github.databrickstelemetry.event.TelemetryEvent;
import io.github.databrickstelemetry.event.TelemetryEvent.CloudFetchChunk;
import io.github.databrickstelemetry.event.TelemetryEvent.ConnectionClose;
import io.github.databrickstelemetry.event.TelemetryEvent.ConnectionOpen;
import io.github.databrickstelemetry.event.TelemetryEvent.ErrorOccurred;
import io.github.databrickstelemetry.event.TelemetryEvent.StatementComplete;
import io.github.databrickstelemetry.event.TelemetryEvent.StatementEvent;
import io.github.databrickstelemetry.event.TelemetryEvent.StatementPoll;
import io.github.databrickstelemetry.event.TelemetryEvent.StatementStart;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes metrics of one client's events. Has one caller, the engine's worker: no locks, not thread-safe.
 *
 * <ul>
 *   <li>Session events become a metric at once, errors without a statement too.
 *   <li>A statement is held from its start until it completes, and is then reported, once. A terminal error completes
 *       it at once. Other errors are held with it and follow it as metrics of their own.
 *   <li>An event of a statement that is not in flight (never started, ended, evicted) changes nothing, and neither does a
 *       second start: they are not counted as {@linkplain #aggregated() aggregated}.
 *   <li>A statement that does not complete within its time to live, or is the oldest when the map is full, is evicted:
 *       nothing is reported of it but its errors.
 * </ul>
 */
public final class MetricsAggregator {

    private final ClientSettings settings;
    private final long ttlNanos;
    private final Supplier<String> ids;
    private final Guard guard;
    private final BiConsumer<TelemetryMetric, @Nullable LocalDetails> finished;
    // In the order of their starts, which is the order of their age.
    private final LinkedHashMap<Long, StatementAggregate> statements = new LinkedHashMap<>();

    private long aggregated;
    private long evicted;

    /** @param finished takes each metric, with the details of a statement for the application's own tools */
    public MetricsAggregator(
            ClientSettings settings,
            Supplier<String> ids,
            Guard guard,
            BiConsumer<TelemetryMetric, @Nullable LocalDetails> finished) {
        this.settings = settings;
        this.ttlNanos = settings.statementTtl().toNanos();
        this.ids = ids;
        this.guard = guard;
        this.finished = finished;
    }

    /**
     * Takes in one event.
     *
     * @param nowNanos the monotonic clock; timestamps of events play no part in how long they are held
     */
    public void accept(TelemetryEvent event, long nowNanos) {
        if (event instanceof StatementStart start) {
            start(start, nowNanos);
        } else if (event instanceof ConnectionOpen open) {
            reportSession(open, open.timestampMillis(), OperationType.CREATE_SESSION, open.latencyNanos());
        } else if (event instanceof ConnectionClose close) {
            reportSession(close, close.timestampMillis(), OperationType.DELETE_SESSION, close.latencyNanos());
        } else if (event instanceof ErrorOccurred error && error.statementKey() == NO_STATEMENT) {
            aggregated++;
            reportError(error, null);
        } else if (event instanceof StatementEvent ofStatement) {
            long key = ofStatement.statementKey();
            StatementAggregate statement = ends(ofStatement) ? statements.remove(key) : statements.get(key);
            if (statement != null) {
                aggregated++;
                add(statement, ofStatement);
            }
        }
    }

    private static boolean ends(StatementEvent event) {
        return event instanceof StatementComplete
                || (event instanceof ErrorOccurred error && error.error().kind() == ErrorKind.TERMINAL);
    }

    private void start(StatementStart start, long nowNanos) {
        if (statements.containsKey(start.statementKey())) {
            return;
        }
        aggregated++;
        if (statements.size() >= settings.maxInFlightStatements()) {
            evictOldest();
        }
        statements.put(start.statementKey(), new StatementAggregate(start, nowNanos));
    }

    private void add(StatementAggregate statement, StatementEvent event) {
        if (event instanceof StatementComplete complete) {
            report(statement, complete.latencyNanos(), read(complete.result()), complete.error());
        } else if (event instanceof ErrorOccurred error && ends(error)) {
            report(statement, 0, null, error.error());
        } else if (event instanceof ErrorOccurred error) {
            statement.add(error, settings.maxErrorsPerStatement());
        } else if (event instanceof CloudFetchChunk chunk) {
            statement.add(chunk);
        } else if (event instanceof StatementPoll poll) {
            statement.add(poll);
        }
    }

    private @Nullable StatementResult read(@Nullable DeferredResult result) {
        try {
            return result == null ? null : result.read();
        } catch (Throwable failure) {
            guard.swallowed("reading a result", failure);
            return null;
        }
    }

    private void report(
            StatementAggregate statement,
            long latencyNanos,
            @Nullable StatementResult result,
            @Nullable ErrorDetails error) {
        String known = result == null ? null : result.statementId();
        String statementId = known == null || known.isEmpty() ? ids.get() : known;
        finished.accept(statement.toMetric(ids.get(), statementId, latencyNanos, result, error), statement.local());
        reportErrors(statement.errors(), statementId);
    }

    private void reportSession(TelemetryEvent event, long timestampMillis, OperationType operation, long latencyNanos) {
        aggregated++;
        finished.accept(
                new SessionMetric(ids.get(), event.session(), timestampMillis, operation, Math.max(0, latencyNanos)),
                null);
    }

    private void reportErrors(List<ErrorOccurred> events, String statementId) {
        for (ErrorOccurred event : events) {
            reportError(event, statementId);
        }
    }

    private void reportError(ErrorOccurred event, @Nullable String statementId) {
        finished.accept(
                new ErrorMetric(ids.get(), event.session(), event.timestampMillis(), statementId, event.error()), null);
    }

    /** Evicts the statements whose time to live is over. */
    public void evictExpired(long nowNanos) {
        while (nanosUntilEviction(nowNanos) == 0) {
            evictOldest();
        }
    }

    private void evictOldest() {
        Iterator<StatementAggregate> oldestFirst = statements.values().iterator();
        List<ErrorOccurred> errors = oldestFirst.next().errors();
        oldestFirst.remove();
        evicted++;
        if (!errors.isEmpty()) {
            // One random id keeps the errors of one statement together.
            reportErrors(errors, ids.get());
        }
    }

    /**
     * How long until {@link #evictExpired} has something to do, if nothing completes meanwhile.
     *
     * @return nanoseconds, not negative; {@link Long#MAX_VALUE} if there is no statement in flight
     */
    public long nanosUntilEviction(long nowNanos) {
        for (StatementAggregate oldest : statements.values()) {
            return Math.max(0, ttlNanos - (nowNanos - oldest.acceptedNanos()));
        }
        return Long.MAX_VALUE;
    }

    /** For the end of the client: reports every statement in flight with what is known of it. A failure stops no other. */
    public void completeAll() {
        for (Iterator<StatementAggregate> rest = statements.values().iterator(); rest.hasNext(); ) {
            StatementAggregate statement = rest.next();
            rest.remove();
            try {
                report(statement, 0, null, null);
            } catch (Throwable failure) {
                guard.swallowed("the end of a statement", failure);
            }
        }
    }

    /** Events that went into a statement or a metric. */
    public long aggregated() {
        return aggregated;
    }

    /** Statements given up by age or by number. */
    public long evicted() {
        return evicted;
    }

    public int inFlight() {
        return statements.size();
    }
}
