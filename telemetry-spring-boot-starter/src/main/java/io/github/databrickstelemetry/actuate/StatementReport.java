package io.github.databrickstelemetry.actuate;

import static io.github.databrickstelemetry.insight.FinishedStatement.millis;

import io.github.databrickstelemetry.event.ErrorDetails;
import io.github.databrickstelemetry.insight.FinishedStatement;
import io.github.databrickstelemetry.insight.RecentStatements;
import io.github.databrickstelemetry.insight.RecentStatements.RecentStatement;
import io.github.databrickstelemetry.insight.StatementTotals;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Statements as plain values. Durations are milliseconds with a fraction. */
final class StatementReport {

    private StatementReport() {}

    /** Sums and the execute call's histogram by data source. */
    static Details totals(StatementTotals totals) {
        Details byDataSource = new Details();
        totals.byDataSource().forEach((name, sums) -> byDataSource.put(name, totals(sums)));
        return byDataSource;
    }

    private static Details totals(StatementTotals.Totals sums) {
        return new Details()
                .with("finished", sums.finished())
                .with("failed", sums.failed())
                .with(
                        "phases",
                        phases(sums.executeNanos(), sums.pollNanos(), sums.downloadNanos(), sums.consumeNanos()))
                .with(
                        "duration",
                        new Details()
                                .with("sum", millis(sums.executeNanos()))
                                .with("upperBounds", StatementTotals.boundsMillis())
                                .with("counts", sums.buckets()));
    }

    /** The slowest and the failed statements. */
    static Details recent(RecentStatements recent, boolean queryText, Instant now) {
        return new Details()
                .with("time", now.toString())
                .with("queryText", queryText)
                .with("slowest", statements(recent.slowest()))
                .with("failed", statements(recent.failed()));
    }

    private static List<Details> statements(List<RecentStatement> recent) {
        return recent.stream().map(StatementReport::statement).toList();
    }

    private static Details statement(RecentStatement recent) {
        FinishedStatement statement = recent.statement();
        int batchSize = statement.local().batchSize();
        return new Details()
                .with("id", statement.metric().statementId())
                .with("host", statement.host())
                .with("dataSource", statement.dataSource().name())
                .with("operation", statement.operation())
                .with(
                        "startedAt",
                        Instant.ofEpochMilli(statement.metric().timestampMillis())
                                .toString())
                .with("duration", millis(statement.durationNanos()))
                .with(
                        "phases",
                        phases(
                                statement.executeNanos(),
                                statement.pollNanos(),
                                statement.downloadNanos(),
                                statement.consumeNanos()))
                .with("chunks", statement.chunks() > 0 ? statement.chunks() : null)
                .with("polls", statement.polls() > 0 ? statement.polls() : null)
                .with("resultFormat", statement.format())
                .with("batchSize", batchSize > 0 ? batchSize : null)
                .with("error", error(statement.metric().error()))
                .with("traceId", recent.traceId())
                .with("queryProfile", statement.queryProfile())
                .with("queryText", statement.local().queryText());
    }

    /** Never the message, which contains SQL. */
    private static @Nullable Details error(@Nullable ErrorDetails error) {
        return error == null
                ? null
                : new Details()
                        .with("class", error.exceptionClass())
                        .with("sqlState", error.sqlState())
                        .with("httpStatus", error.httpStatus() > 0 ? error.httpStatus() : null);
    }

    private static Details phases(long execute, long poll, long download, long consume) {
        return new Details()
                .with("execute", millis(execute))
                .with("poll", millis(poll))
                .with("download", millis(download))
                .with("consume", millis(consume));
    }
}
