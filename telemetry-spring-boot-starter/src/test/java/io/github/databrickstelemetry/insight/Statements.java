package io.github.databrickstelemetry.insight;

import io.github.databrickstelemetry.aggregate.TelemetryMetric.StatementMetric;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.ErrorDetails;
import io.github.databrickstelemetry.event.ErrorDetails.ErrorKind;
import io.github.databrickstelemetry.event.LocalDetails;
import io.github.databrickstelemetry.event.LocalDetails.LocalDataSource;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementResult;
import io.github.databrickstelemetry.event.StatementResult.ResultFormat;
import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.event.TelemetryEventEmitter;
import io.github.databrickstelemetry.event.TelemetrySession;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Finished statements for tests: every detail has a default, and can be changed. */
public final class Statements {

    public static final String HOST = "prod.example.com:443";
    public static final long START = 1_790_000_000_000L;
    public static final String SECRET = "SELECT secret FROM vault";

    private static final TelemetrySession SESSION =
            TelemetryEventEmitter.disabled().connectionOpen("session-1", ConnectionDetails.UNKNOWN, 1);

    private String id = "01f0-server";
    private boolean idKnown = true;
    private String dataSource = "orders";
    private StatementType type = StatementType.QUERY;
    private OperationType operation = OperationType.EXECUTE_STATEMENT;
    private long executeMillis = 450;
    private boolean result = true;
    private int batchSize;
    private @Nullable ErrorDetails error;
    private @Nullable String queryText;
    private @Nullable Object traceContext;

    public static Statements statement() {
        return new Statements();
    }

    public static Guard guard() {
        return new Guard(LoggerFactory.getLogger(Statements.class));
    }

    public Statements id(String id) {
        this.id = id;
        return this;
    }

    public Statements unknownId() {
        this.idKnown = false;
        return this;
    }

    public Statements dataSource(String name) {
        this.dataSource = name;
        return this;
    }

    public Statements type(StatementType type) {
        this.type = type;
        return this;
    }

    public Statements operation(OperationType operation, StatementType type) {
        this.operation = operation;
        this.type = type;
        return this;
    }

    public Statements batch(int size) {
        this.type = StatementType.UPDATE;
        this.batchSize = size;
        this.result = false;
        return this;
    }

    /** Without chunks, polls and latencies. */
    public Statements executeMillis(long millis) {
        this.executeMillis = millis;
        this.result = false;
        return this;
    }

    public Statements failing() {
        return failing("com.databricks.client.jdbc.DatabricksSQLException", "42P01");
    }

    public Statements failing(String exceptionClass, @Nullable String sqlState) {
        this.error = new ErrorDetails(ErrorKind.TERMINAL, exceptionClass, sqlState, 0, 400, null, SECRET);
        this.result = false;
        return this;
    }

    public Statements queryText(String text) {
        this.queryText = text;
        return this;
    }

    public Statements in(@Nullable Object traceContext) {
        this.traceContext = traceContext;
        return this;
    }

    public StatementMetric metric() {
        StatementResult known = result
                ? new StatementResult(
                        idKnown ? id : null,
                        ResultFormat.EXTERNAL_LINKS,
                        true,
                        new StatementResult.Chunks(5, 5, 0, nanos(821), nanos(2_105)),
                        new StatementResult.Polls(3, nanos(300)),
                        new StatementResult.Latency(nanos(470), nanos(1_364), 0),
                        0)
                : StatementResult.ofId(idKnown ? id : null);
        return new StatementMetric(
                "event", SESSION, START, id, operation, type, false, nanos(executeMillis), known, error);
    }

    public LocalDetails local() {
        return new LocalDetails(
                new LocalDataSource(dataSource, "main.sales", "abc123", 987L), batchSize, queryText, traceContext);
    }

    public FinishedStatement finished() {
        return new FinishedStatement(HOST, metric(), local());
    }

    private static long nanos(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
