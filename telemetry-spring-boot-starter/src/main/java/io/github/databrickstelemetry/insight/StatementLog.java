package io.github.databrickstelemetry.insight;

import io.github.databrickstelemetry.aggregate.TelemetryMetric.StatementMetric;
import io.github.databrickstelemetry.client.TelemetryListener;
import io.github.databrickstelemetry.event.LocalDetails;
import io.github.databrickstelemetry.properties.TelemetryProperties.StatementLogMode;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.runtime.internal.TelemetryThreads;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Writes a log line with key-values for each statement that the mode asks for. The lines are handed to a thread of their
 * own, since an appender may block: the engine's worker never waits for it. Lines beyond the rate, or beyond what the
 * thread has waiting, are counted in the next line. {@link #onStatement} is called on the engine's worker only.
 */
public final class StatementLog implements TelemetryListener, AutoCloseable {

    /** The logger of the lines. The only one of this library that logs above debug. */
    public static final String LOGGER = "databricks.sql.statement";

    private static final int MAX_WAITING = 256;
    private static final int MAX_LINES_PER_SECOND = 10;
    private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(100);

    private final Logger logger = LoggerFactory.getLogger(LOGGER);
    private final StatementLogMode mode;
    private final long slowNanos;
    private final TraceContexts traces;
    private final Guard guard;
    private final LongSupplier nanoTime;
    private final ThreadPoolExecutor writer;

    private long secondBegan;
    private int linesInSecond;
    private long suppressed;

    /** @param slow duration from which a statement counts as slow, its result included */
    public StatementLog(StatementLogMode mode, Duration slow, TraceContexts traces, Guard guard) {
        this(mode, slow, traces, guard, System::nanoTime);
    }

    StatementLog(StatementLogMode mode, Duration slow, TraceContexts traces, Guard guard, LongSupplier nanoTime) {
        this.mode = mode;
        this.slowNanos = slow.toNanos();
        this.traces = traces;
        this.guard = guard;
        this.nanoTime = nanoTime;
        this.secondBegan = nanoTime.getAsLong();
        this.writer = new ThreadPoolExecutor(
                1, 1, 5, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING), new TelemetryThreads("log"));
        writer.allowCoreThreadTimeOut(true);
    }

    @Override
    public void onStatement(String host, StatementMetric metric, LocalDetails local) {
        FinishedStatement statement = new FinishedStatement(host, metric, local);
        if (!isWanted(statement) || !logger.isInfoEnabled()) {
            return;
        }
        if (!isWithinRate()) {
            suppressed++;
            return;
        }
        long left = suppressed;
        try {
            writer.execute(() -> guard.run("the statement log", () -> write(statement, left)));
            suppressed = 0;
        } catch (RejectedExecutionException full) {
            suppressed++;
        }
    }

    private boolean isWanted(FinishedStatement statement) {
        return switch (mode) {
            case SLOW -> statement.failed() || statement.durationNanos() >= slowNanos;
            case FAILED -> statement.failed();
            case ALL -> true;
            case OFF -> false;
        };
    }

    private boolean isWithinRate() {
        if (mode == StatementLogMode.ALL) {
            return true;
        }
        long now = nanoTime.getAsLong();
        if (now - secondBegan >= TimeUnit.SECONDS.toNanos(1)) {
            secondBegan = now;
            linesInSecond = 0;
        }
        return linesInSecond++ < MAX_LINES_PER_SECOND;
    }

    private void write(FinishedStatement statement, long left) {
        LoggingEventBuilder line = logger.atInfo();
        for (Map.Entry<String, Object> value : values(statement, left).entrySet()) {
            line = line.addKeyValue(value.getKey(), value.getValue());
        }
        line.log(message(statement));
    }

    private Map<String, Object> values(FinishedStatement statement, long left) {
        Map<String, Object> values = new LinkedHashMap<>();
        put(values, "traceId", traces.traceId(statement.local().traceContext()));
        put(values, "spanId", traces.spanId(statement.local().traceContext()));
        put(values, "databricks.statement_id", statement.metric().statementId());
        put(values, "databricks.data_source", statement.dataSource().name());
        put(values, "databricks.warehouse_id", statement.dataSource().warehouseId());
        put(values, "databricks.operation", statement.operation());
        put(values, "databricks.outcome", statement.failed() ? "failure" : "success");
        put(values, "databricks.duration_ms", FinishedStatement.millis(statement.durationNanos()));
        put(values, "databricks.execute_ms", FinishedStatement.millis(statement.executeNanos()));
        put(values, "databricks.poll_ms", FinishedStatement.millis(statement.pollNanos()));
        put(values, "databricks.download_ms", FinishedStatement.millis(statement.downloadNanos()));
        put(values, "databricks.consume_ms", FinishedStatement.millis(statement.consumeNanos()));
        put(values, "databricks.chunks", statement.chunks());
        put(values, "databricks.polls", statement.polls());
        put(values, "databricks.result_format", statement.format());
        put(values, "databricks.error_class", statement.errorType());
        put(values, "databricks.sql_state", statement.sqlState());
        put(values, "databricks.query_profile_url", statement.queryProfile());
        put(values, "databricks.query_text", statement.local().queryText());
        put(values, "databricks.suppressed", left == 0 ? null : left);
        return values;
    }

    /** For patterns that show no key-values. */
    private String message(FinishedStatement statement) {
        String what = statement.failed() ? "failed" : mode == StatementLogMode.SLOW ? "was slow" : "finished";
        return String.format(
                Locale.ROOT,
                "Statement %s of data source %s %s after %.0f ms (execute %.0f, poll %.0f, download %.0f, consume %.0f)%s",
                statement.metric().statementId(),
                statement.dataSource().name(),
                what,
                FinishedStatement.millis(statement.durationNanos()),
                FinishedStatement.millis(statement.executeNanos()),
                FinishedStatement.millis(statement.pollNanos()),
                FinishedStatement.millis(statement.downloadNanos()),
                FinishedStatement.millis(statement.consumeNanos()),
                statement.failed() ? ": " + statement.errorType() : "");
    }

    private static void put(Map<String, Object> values, String key, @Nullable Object value) {
        if (value != null) {
            values.put(key, value);
        }
    }

    /** Writes the lines that wait, unless the appender blocks. */
    @Override
    public void close() {
        writer.shutdown();
        try {
            writer.awaitTermination(CLOSE_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        writer.shutdownNow();
    }
}
