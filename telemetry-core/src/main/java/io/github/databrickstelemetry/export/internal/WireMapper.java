package io.github.databrickstelemetry.export.internal;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.ErrorMetric;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.SessionMetric;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.StatementMetric;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.ErrorDetails;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementResult;
import io.github.databrickstelemetry.event.StatementResult.ResultFormat;
import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.event.TelemetrySession;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.internal.UserAgent;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes the service's document of a metric. Immutable. */
final class WireMapper {

    /** Parameters that have a component of their own. */
    private static final Set<String> OWN = Set.of("http_path", "mode", "host_info", "auth_mech", "auth_flow");

    /** The enum values of the public schema. The service stores NULL for any other. */
    private static final Set<String> MODES = Set.of("SEA", "THRIFT");

    private static final Set<String> AUTH_MECHS = Set.of("OTHER", "PAT", "OAUTH");
    private static final Set<String> AUTH_FLOWS =
            Set.of("TOKEN_PASSTHROUGH", "CLIENT_CREDENTIALS", "BROWSER_BASED_AUTHENTICATION");

    private static final Pattern ORGANISATION = Pattern.compile("[?&](o=[0-9]+)(?:&|$)");

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
        return new FrontendLog(
                workspaceId,
                metric.eventId(),
                new FrontendLog.Context(new FrontendLog.ClientContext(metric.timestampMillis(), userAgent)),
                new FrontendLog.Entry(entry(metric)));
    }

    private FrontendLog.SqlDriverLog entry(TelemetryMetric metric) {
        if (metric instanceof StatementMetric statement) {
            return log(statement, statement.statementId(), statement.latencyNanos(), operation(statement));
        }
        if (metric instanceof SessionMetric session) {
            return log(session, null, session.latencyNanos(), operation(session.operation()));
        }
        return log(metric, ((ErrorMetric) metric).statementId(), 0, null);
    }

    private FrontendLog.SqlDriverLog log(
            TelemetryMetric metric,
            @Nullable String statementId,
            long latencyNanos,
            FrontendLog.@Nullable SqlOperation operation) {
        TelemetrySession session = metric.session();
        ConnectionDetails details = session.details();
        boolean once = identified && metric instanceof SessionMetric;
        return new FrontendLog.SqlDriverLog(
                identified ? session.sessionId() : null,
                identified ? statementId : null,
                identified ? details.authType() : null,
                NANOSECONDS.toMillis(latencyNanos),
                once ? system.withDriver(details.driverName(), details.driverVersion()) : null,
                once ? connection(details) : null,
                operation,
                error(metric.error()));
    }

    private FrontendLog.ConnectionParams connection(ConnectionDetails details) {
        Map<String, Object> more = new TreeMap<>(details.parameters());
        more.keySet().removeAll(OWN);
        return new FrontendLog.ConnectionParams(
                withoutQuery(details.httpPath()),
                known(MODES, details.mode()),
                new FrontendLog.HostInfo(target.host().host(), target.host().port()),
                known(AUTH_MECHS, details.authMech()),
                known(AUTH_FLOWS, details.authFlow()),
                more);
    }

    /** A query may hold anything; only the organisation id is sent. */
    private static @Nullable String withoutQuery(@Nullable String httpPath) {
        int query = httpPath == null ? -1 : httpPath.indexOf('?');
        if (httpPath == null || query < 0) {
            return httpPath;
        }
        Matcher organisation = ORGANISATION.matcher(httpPath.substring(query));
        return httpPath.substring(0, query) + (organisation.find() ? "?" + organisation.group(1) : "");
    }

    private static @Nullable String known(Set<String> values, @Nullable String value) {
        return value != null && values.contains(value) ? value : null;
    }

    private static FrontendLog.SqlOperation operation(OperationType type) {
        return new FrontendLog.SqlOperation(
                null, false, null, 0, null, null, new FrontendLog.OperationDetail(0, 0, type, false));
    }

    private static FrontendLog.SqlOperation operation(StatementMetric statement) {
        StatementResult result = statement.result() == null ? StatementResult.ofId(null) : statement.result();
        return new FrontendLog.SqlOperation(
                statement.statementType() == StatementType.NONE ? null : statement.statementType(),
                result.compressed(),
                result.format() == ResultFormat.FORMAT_UNSPECIFIED ? null : result.format(),
                result.retryCount(),
                chunks(result),
                latency(result),
                new FrontendLog.OperationDetail(
                        result.polls().count(),
                        NANOSECONDS.toMillis(result.polls().nanos()),
                        statement.operation(),
                        statement.internalCall()));
    }

    /** Null for a single inline chunk, which came with the response itself, and where nothing is known. */
    private static FrontendLog.@Nullable ChunkDetails chunks(StatementResult result) {
        StatementResult.Chunks chunks = result.chunks();
        boolean inline = result.format() != ResultFormat.EXTERNAL_LINKS
                && chunks.present() <= 1
                && chunks.iterated() <= 1
                && chunks.sumNanos() == 0;
        boolean nothing = chunks.present() == 0 && chunks.iterated() == 0 && chunks.sumNanos() == 0;
        return inline || nothing
                ? null
                : new FrontendLog.ChunkDetails(
                        NANOSECONDS.toMillis(chunks.firstNanos()),
                        NANOSECONDS.toMillis(chunks.slowestNanos()),
                        chunks.present(),
                        chunks.iterated(),
                        NANOSECONDS.toMillis(chunks.sumNanos()));
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

    /** The failure's class and codes in a searchable form, then message and frames as far as {@code error-detail} includes them. */
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
