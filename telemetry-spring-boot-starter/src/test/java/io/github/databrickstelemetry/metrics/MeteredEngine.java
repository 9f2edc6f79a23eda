package io.github.databrickstelemetry.metrics;

import io.github.databrickstelemetry.AnyEngine;
import io.github.databrickstelemetry.AnyTarget;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.engine.internal.TelemetryEngine;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.LocalDetails;
import io.github.databrickstelemetry.event.LocalDetails.LocalDataSource;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementResult;
import io.github.databrickstelemetry.event.StatementResult.ResultFormat;
import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.event.TelemetrySession;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.insight.ConnectionFailures;
import io.github.databrickstelemetry.insight.StatementTotals;
import io.github.databrickstelemetry.insight.Statements;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The meters over the real engine, with a service that rejects one metric of each batch. */
final class MeteredEngine implements AutoCloseable {

    final Guard guard = Statements.guard();
    final CompletableFuture<Void> serviceAnswers = new CompletableFuture<>();
    final TelemetryEngine engine = AnyEngine.with((target, breaker) -> batch -> {
        serviceAnswers.join();
        return new ExportResult(ExportResult.Outcome.SUCCESS, batch.size() - 1, 1, 0, 0, List.of(), null, 0);
    });
    final StatementTotals totals = new StatementTotals();
    final ConnectionFailures connectionFailures = new ConnectionFailures();
    volatile long epochMillis = 1_000_000;
    final TelemetryMeterBinder binder = new TelemetryMeterBinder(
            engine, totals, connectionFailures, () -> List.of("idle"), guard, Duration.ZERO, () -> epochMillis);

    MeteredEngine() {
        engine.addListener(totals);
        engine.addListener(binder);
    }

    TelemetryClient client(String name) {
        return engine.acquire(AnyTarget.at(name + ".example.com"));
    }

    /** Three metrics: a session, a statement that succeeds and one that fails; and an event without a statement. */
    void work(TelemetryClient client) {
        work(client, "orders");
    }

    void work(TelemetryClient client, String dataSource) {
        LocalDetails local = new LocalDetails(new LocalDataSource(dataSource, "main", "abc123", 1L), 0, null, null);
        TelemetrySession session = client.emitter().connectionOpen("s", ConnectionDetails.UNKNOWN, 1);
        long good = start(client, session, local);
        client.emitter().statementComplete(session, good, millis(20), result());
        client.emitter().statementComplete(session, good, 1, null);
        long bad = start(client, session, local);
        client.emitter().statementFailed(session, bad, millis(30), null, new SQLException("x", "42P01"));
        client.flush();
    }

    private static long start(TelemetryClient client, TelemetrySession session, LocalDetails local) {
        return client.emitter()
                .statementStart(
                        session, OperationType.EXECUTE_STATEMENT, StatementType.QUERY, System.nanoTime(), false, local);
    }

    private static StatementResult result() {
        return new StatementResult(
                "id",
                ResultFormat.EXTERNAL_LINKS,
                true,
                new StatementResult.Chunks(3, 3, 0, millis(5), millis(12)),
                new StatementResult.Polls(2, millis(8)),
                new StatementResult.Latency(millis(20), millis(7), 0),
                0);
    }

    static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Override
    public void close() {
        serviceAnswers.complete(null);
        engine.close();
    }
}
