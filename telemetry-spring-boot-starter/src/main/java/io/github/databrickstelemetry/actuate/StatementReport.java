package io.github.databrickstelemetry.actuate;

import io.github.databrickstelemetry.event.ErrorDetails;
import io.github.databrickstelemetry.insight.FinishedStatement;
import io.github.databrickstelemetry.insight.RecentStatements;
import io.github.databrickstelemetry.insight.RecentStatements.RecentStatement;
import io.github.databrickstelemetry.insight.StatementTotals;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Statements as maps of plain values. Durations are milliseconds with a fraction. */
final class StatementReport {

    private StatementReport() {}

    /** Sums and the execute call's histogram by data source. */
    static Map<String, Object> totals(StatementTotals totals) {
        Map<String, Object> byDataSource = new LinkedHashMap<>();
        totals.byDataSource().forEach((name, sums) -> byDataSource.put(name, totals(sums)));
        return byDataSource;
    }

    private static Map<String, Object> totals(StatementTotals.Totals sums) {
        Map<String, Object> duration = new LinkedHashMap<>();
        duration.put("sum", FinishedStatement.millis(sums.executeNanos()));
        duration.put("upperBounds", StatementTotals.boundsMillis());
        duration.put("counts", sums.buckets());
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("finished", sums.finished());
        map.put("failed", sums.failed());
        map.put("phases", phases(sums.executeNanos(), sums.pollNanos(), sums.downloadNanos(), sums.consumeNanos()));
        map.put("duration", duration);
        return map;
    }

    /** The slowest and the failed statements. */
    static Map<String, Object> recent(RecentStatements recent, boolean queryText, Instant now) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("time", now.toString());
        map.put("queryText", queryText);
        map.put("slowest", statements(recent.slowest()));
        map.put("failed", statements(recent.failed()));
        return map;
    }

    private static List<Map<String, Object>> statements(List<RecentStatement> recent) {
        return recent.stream().map(StatementReport::statement).toList();
    }

    private static Map<String, Object> statement(RecentStatement recent) {
        FinishedStatement statement = recent.statement();
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", statement.metric().statementId());
        map.put("host", statement.host());
        map.put("dataSource", statement.dataSource().name());
        map.put("operation", statement.operation());
        map.put(
                "startedAt",
                Instant.ofEpochMilli(statement.metric().timestampMillis()).toString());
        map.put("duration", FinishedStatement.millis(statement.durationNanos()));
        map.put(
                "phases",
                phases(
                        statement.executeNanos(),
                        statement.pollNanos(),
                        statement.downloadNanos(),
                        statement.consumeNanos()));
        if (statement.chunks() > 0) {
            map.put("chunks", statement.chunks());
        }
        if (statement.polls() > 0) {
            map.put("polls", statement.polls());
        }
        Snapshot.putIfKnown(map, "resultFormat", statement.format());
        if (statement.local().batchSize() > 0) {
            map.put("batchSize", statement.local().batchSize());
        }
        ErrorDetails error = statement.metric().error();
        if (error != null) {
            map.put("error", error(error));
        }
        Snapshot.putIfKnown(map, "traceId", recent.traceId());
        Snapshot.putIfKnown(map, "queryProfile", recent.statement().queryProfile());
        Snapshot.putIfKnown(map, "queryText", statement.local().queryText());
        return map;
    }

    /** Never the message, which contains SQL. */
    private static Map<String, Object> error(ErrorDetails error) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("class", error.exceptionClass());
        Snapshot.putIfKnown(map, "sqlState", error.sqlState());
        if (error.httpStatus() > 0) {
            map.put("httpStatus", error.httpStatus());
        }
        return map;
    }

    private static Map<String, Object> phases(long execute, long poll, long download, long consume) {
        Map<String, Object> phases = new LinkedHashMap<>();
        phases.put("execute", FinishedStatement.millis(execute));
        phases.put("poll", FinishedStatement.millis(poll));
        phases.put("download", FinishedStatement.millis(download));
        phases.put("consume", FinishedStatement.millis(consume));
        return phases;
    }
}
