package io.github.databrickstelemetry.insight;

import io.github.databrickstelemetry.aggregate.TelemetryMetric.StatementMetric;
import io.github.databrickstelemetry.event.ErrorDetails;
import io.github.databrickstelemetry.event.LocalDetails;
import io.github.databrickstelemetry.event.LocalDetails.LocalDataSource;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementResult;
import io.github.databrickstelemetry.event.StatementResult.ResultFormat;
import io.github.databrickstelemetry.event.StatementType;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A finished statement in the words of the application's tools. Immutable. Times are nanoseconds; 0 means not known.
 *
 * @param host the client's {@code host:port}
 */
public record FinishedStatement(String host, StatementMetric metric, LocalDetails local) {

    /** The value of {@code db.system.name}. */
    public static final String DATABASE = "databricks";

    private static final StatementResult UNKNOWN = StatementResult.ofId(null);

    /**
     * A word for what was executed: {@code query}, {@code update}, {@code batch} or {@code execute} for a JDBC call, else
     * the operation, for example {@code list_tables}.
     */
    public String operation() {
        if (metric.operation() == OperationType.EXECUTE_STATEMENT && metric.statementType() != StatementType.NONE) {
            return switch (metric.statementType()) {
                case QUERY -> "query";
                case UPDATE -> local.batchSize() > 0 ? "batch" : "update";
                case SQL, METADATA, NONE -> "execute";
            };
        }
        return metric.operation().name().toLowerCase(Locale.ROOT);
    }

    /** The data source that ran it. */
    public LocalDataSource dataSource() {
        return local.dataSource();
    }

    /** The server's statement id, or null when it is not known. */
    public @Nullable String serverId() {
        String id = result().statementId();
        return id == null || id.isEmpty() ? null : id;
    }

    private StatementResult result() {
        StatementResult result = metric.result();
        return result == null ? UNKNOWN : result;
    }

    /** The host without its port. */
    public String serverAddress() {
        return host.substring(0, host.lastIndexOf(':'));
    }

    /** The port. */
    public int serverPort() {
        return Integer.parseInt(host.substring(host.lastIndexOf(':') + 1));
    }

    /**
     * The page of the statement in the workspace's query history, or in a stand-in's; null where the server's statement id
     * is not known.
     */
    public @Nullable String queryProfile() {
        String id = serverId();
        if (id == null) {
            return null;
        }
        String authority = serverPort() == 443 ? serverAddress() : host;
        Long workspace = dataSource().workspaceId();
        return dataSource().scheme() + "://" + authority + "/sql/history?queryId="
                + URLEncoder.encode(id, StandardCharsets.UTF_8)
                + "&queryStartTimeMs=" + metric.timestampMillis()
                + (workspace == null ? "" : "&o=" + workspace);
    }

    /** Duration of the execute call. */
    public long executeNanos() {
        return metric.latencyNanos();
    }

    /** The part of the execute call in which the driver asked for the statement's status. */
    public long pollNanos() {
        return result().polls().nanos();
    }

    /** Sum over the chunk downloads, which run in parallel. */
    public long downloadNanos() {
        return result().chunks().sumNanos();
    }

    /**
     * From the return of the execute call until the last row was read: waiting for chunks is a part of it, and so is the
     * application's own work between two rows. 0 where no row was read.
     */
    public long consumeNanos() {
        return Math.max(0, firstRowNanos() + result().latency().consumptionNanos() - executeNanos());
    }

    private long firstRowNanos() {
        StatementResult.Latency latency = result().latency();
        long first = Math.max(latency.readyNanos(), latency.firstRowNanos());
        return first == 0 ? executeNanos() : first;
    }

    /** From the execute call until the first row was read, at least as long as the execute call; 0 without a row. */
    long readyNanos() {
        return consumeNanos() == 0 ? 0 : Math.max(executeNanos(), firstRowNanos());
    }

    /** From the execute call until it failed or its result was consumed. */
    public long durationNanos() {
        return executeNanos() + consumeNanos();
    }

    /** Chunks of the result. */
    public long chunks() {
        return Math.max(result().chunks().present(), result().chunks().iterated());
    }

    /** Status polls. */
    public int polls() {
        return result().polls().count();
    }

    /** How the result was transferred, or null when not known. */
    public @Nullable String format() {
        ResultFormat format = result().format();
        return format == ResultFormat.FORMAT_UNSPECIFIED ? null : format.name();
    }

    /** True if the execute call failed. */
    public boolean failed() {
        return metric.error() != null;
    }

    /** The class of the exception, or null if the statement succeeded. */
    public @Nullable String errorType() {
        ErrorDetails error = metric.error();
        return error == null ? null : error.exceptionClass();
    }

    /** SQLState of the failure, or null. */
    public @Nullable String sqlState() {
        ErrorDetails error = metric.error();
        return error == null ? null : error.sqlState();
    }

    /** Milliseconds with a fraction. */
    public static double millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMicros(nanos) / 1000.0;
    }
}
