package io.github.databrickstelemetry.export.internal;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.ErrorMetric;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.SessionMetric;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.StatementMetric;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.ErrorDetails;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.ResultFormat;
import io.github.databrickstelemetry.event.StatementResult;
import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.event.TelemetrySession;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.internal.UserAgent;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** From a metric to the service's document. Immutable. */
final class WireMapper {

    /** Parameters that have a component of their own. */
    private static final Set<String> OWN = Set.of("http_path", "mode", "host_info", "auth_mech", "auth_flow");

    private final TelemetryTarget target;
    private final boolean identified;
    private final long workspaceId;
    private final String userAgent;
    private final SystemConfiguration system;

    WireMapper(TelemetryTarget target, SystemConfiguration system) {
        this.target = target;
        this.identified = target.settings().authenticatedExport();
        Long workspace = target.workspaceId();
        this.workspaceId = identified && workspace != null ? workspace : 0;
        this.userAgent = UserAgent.of(target.settings().export().http().userAgentEntry());
        this.system = system;
    }

    FrontendLog map(TelemetryMetric metric) {
        return new FrontendLog(workspaceId, metric.eventId(), metric.timestampMillis(), userAgent, entry(metric));
    }

    private FrontendLog.DriverLog entry(TelemetryMetric metric) {
        if (metric instanceof StatementMetric statement) {
            return log(statement, statement.statementId(), statement.latencyNanos(), operation(statement));
        }
        if (metric instanceof SessionMetric session) {
            return log(session, null, session.latencyNanos(), operation(session.operation()));
        }
        return log(metric, ((ErrorMetric) metric).statementId(), 0, null);
    }

    private FrontendLog.DriverLog log(
            TelemetryMetric metric,
            @Nullable String statementId,
            long latencyNanos,
            FrontendLog.@Nullable SqlOperation operation) {
        TelemetrySession session = metric.session();
        ConnectionDetails details = session.details();
        boolean once = identified && metric instanceof SessionMetric;
        return new FrontendLog.DriverLog(
                identified ? session.sessionId() : null,
                identified ? statementId : null,
                identified ? details.authType() : null,
                NANOSECONDS.toMillis(latencyNanos),
                once ? system.withDriver(details.driverName(), details.driverVersion()) : null,
                once ? connection(details) : null,
                operation,
                error(metric.error()));
    }

    private FrontendLog.ConnectionParameters connection(ConnectionDetails details) {
        Map<String, Object> more = new TreeMap<>(details.parameters());
        more.keySet().removeAll(OWN);
        return new FrontendLog.ConnectionParameters(
                details.httpPath(),
                details.mode(),
                target.host().host(),
                target.host().port(),
                details.authMech(),
                details.authFlow(),
                more);
    }

    private static FrontendLog.SqlOperation operation(OperationType type) {
        return new FrontendLog.SqlOperation(
                StatementType.NONE,
                false,
                ResultFormat.FORMAT_UNSPECIFIED,
                0,
                null,
                null,
                new FrontendLog.OperationDetail(0, 0, type));
    }

    private static FrontendLog.SqlOperation operation(StatementMetric statement) {
        StatementResult result = statement.result() == null ? StatementResult.ofId(null) : statement.result();
        return new FrontendLog.SqlOperation(
                statement.statementType(),
                result.compressed(),
                result.format(),
                result.retryCount(),
                chunks(result),
                latency(result),
                new FrontendLog.OperationDetail(
                        result.polls().count(),
                        NANOSECONDS.toMillis(result.polls().nanos()),
                        statement.operation()));
    }

    /** A single inline chunk came with the answer itself: nothing about it is news. */
    private static FrontendLog.@Nullable ChunkDetails chunks(StatementResult result) {
        boolean inline = result.format() != ResultFormat.EXTERNAL_LINKS
                && result.chunks().present() <= 1
                && result.chunks().iterated() <= 1
                && result.chunks().sumNanos() == 0;
        boolean nothing = result.chunks().present() == 0
                && result.chunks().iterated() == 0
                && result.chunks().sumNanos() == 0;
        return inline || nothing
                ? null
                : new FrontendLog.ChunkDetails(
                        result.chunks().present(),
                        result.chunks().iterated(),
                        NANOSECONDS.toMillis(result.chunks().firstNanos()),
                        NANOSECONDS.toMillis(result.chunks().slowestNanos()),
                        NANOSECONDS.toMillis(result.chunks().sumNanos()));
    }

    private static FrontendLog.@Nullable ResultLatency latency(StatementResult result) {
        long ready = NANOSECONDS.toMillis(result.latency().readyNanos());
        long consumption = NANOSECONDS.toMillis(result.latency().consumptionNanos());
        return ready == 0 && consumption == 0 ? null : new FrontendLog.ResultLatency(ready, consumption);
    }

    private FrontendLog.@Nullable ErrorInfo error(@Nullable ErrorDetails error) {
        if (error == null) {
            return null;
        }
        String simpleName =
                error.exceptionClass().substring(error.exceptionClass().lastIndexOf('.') + 1);
        String name = error.sqlState() == null ? simpleName : error.sqlState();
        return new FrontendLog.ErrorInfo(name, identified ? stack(error) : null);
    }

    /** Everything known of the failure, in words that can be searched for, then whatever else was asked for. */
    private static String stack(ErrorDetails error) {
        StringBuilder text = new StringBuilder("class=").append(error.exceptionClass());
        if (error.sqlState() != null) {
            text.append(" sqlState=").append(error.sqlState());
        }
        if (error.vendorCode() != 0) {
            text.append(" vendorCode=").append(error.vendorCode());
        }
        if (error.httpStatus() != 0) {
            text.append(" httpStatus=").append(error.httpStatus());
        }
        if (error.message() != null) {
            text.append('\n').append(error.message());
        }
        if (error.stackFrames() != null) {
            text.append('\n').append(error.stackFrames());
        }
        return text.toString();
    }
}
