package io.github.databrickstelemetry.export.internal;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
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
import io.github.databrickstelemetry.export.internal.FrontendLog.ChunkDetails;
import io.github.databrickstelemetry.export.internal.FrontendLog.ClientContext;
import io.github.databrickstelemetry.export.internal.FrontendLog.ConnectionParams;
import io.github.databrickstelemetry.export.internal.FrontendLog.Context;
import io.github.databrickstelemetry.export.internal.FrontendLog.Driver;
import io.github.databrickstelemetry.export.internal.FrontendLog.Entry;
import io.github.databrickstelemetry.export.internal.FrontendLog.ErrorInfo;
import io.github.databrickstelemetry.export.internal.FrontendLog.HostInfo;
import io.github.databrickstelemetry.export.internal.FrontendLog.OperationDetail;
import io.github.databrickstelemetry.export.internal.FrontendLog.ResultLatency;
import io.github.databrickstelemetry.export.internal.FrontendLog.SqlDriverLog;
import io.github.databrickstelemetry.export.internal.FrontendLog.SqlOperation;
import io.github.databrickstelemetry.export.internal.FrontendLog.SystemConfiguration;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.internal.UserAgent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes metrics as the telemetry service reads them. An unauthenticated export holds nothing that identifies the
 * workspace, the session or the statement. Immutable.
 */
final class WireFormat {

    static final JsonMapper DOCUMENTS = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .defaultPropertyInclusion(JsonInclude.Value.construct(Include.NON_DEFAULT, Include.ALWAYS))
            .build();

    private static final JsonMapper BODIES = new JsonMapper();

    /** Bytes of a body without its documents, with the longest upload time. */
    static final int ENVELOPE = 64;

    /**
     * A metric and its JSON document, which is kept when the batch is split.
     *
     * @param size bytes of the document in a request, where it is a JSON string, comma included
     */
    record Document(TelemetryMetric metric, String json, int size) {}

    /**
     * The body of one request.
     *
     * @param items always empty; the service expects the name
     * @param protoLogs JSON documents, each in a string of its own
     */
    record Request(long uploadTime, List<String> items, List<String> protoLogs) {}

    /** Parameters that have a component of their own. */
    private static final Set<String> OWN = Set.of("http_path", "mode", "host_info", "auth_mech", "auth_flow");

    /** The enum values of the public schema. The service stores NULL for any other. */
    private static final Set<String> MODES = Set.of("SEA", "THRIFT");

    private static final Set<String> AUTH_MECHS = Set.of("OTHER", "PAT", "OAUTH");
    private static final Set<String> AUTH_FLOWS =
            Set.of("TOKEN_PASSTHROUGH", "CLIENT_CREDENTIALS", "BROWSER_BASED_AUTHENTICATION");

    private final TelemetryTarget target;
    private final boolean identified;
    private final long workspaceId;
    private final String userAgent;
    private final SystemConfiguration system;

    WireFormat(TelemetryTarget target, SystemConfiguration system) {
        this.target = target;
        this.identified = target.settings().authenticatedExport();
        Long workspace = target.workspaceId();
        this.workspaceId = identified && workspace != null ? workspace : 0;
        this.userAgent = UserAgent.of(target.settings().export().http().userAgentEntry());
        this.system = system;
    }

    /** @throws IOException if the metric cannot be written */
    Document encode(TelemetryMetric metric) throws IOException {
        // By way of bytes, so that half a surrogate pair, which no request can carry, becomes a question mark.
        byte[] utf8 = DOCUMENTS.writeValueAsString(log(metric)).getBytes(StandardCharsets.UTF_8);
        int size = utf8.length + 3;
        for (byte b : utf8) {
            // In the string around the document, these two are escaped.
            size += b == '"' || b == '\\' ? 1 : 0;
        }
        return new Document(metric, new String(utf8, StandardCharsets.UTF_8), size);
    }

    /** The body of one request. */
    static byte[] body(List<Document> documents, long uploadTimeMillis) throws IOException {
        List<String> protoLogs = documents.stream().map(Document::json).toList();
        return BODIES.writeValueAsBytes(new Request(uploadTimeMillis, List.of(), protoLogs));
    }

    static byte[] gzip(byte[] body) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream(body.length / 4 + 64);
        try (GZIPOutputStream out = new GZIPOutputStream(compressed, 8192)) {
            out.write(body);
        }
        return compressed.toByteArray();
    }

    private FrontendLog log(TelemetryMetric metric) {
        SqlDriverLog log;
        if (metric instanceof StatementMetric statement) {
            log = log(statement, statement.statementId(), statement.latencyNanos(), operation(statement));
        } else if (metric instanceof SessionMetric session) {
            log = log(session, null, session.latencyNanos(), operation(session.operation()));
        } else {
            log = log(metric, ((ErrorMetric) metric).statementId(), 0, null);
        }
        Context context = new Context(new ClientContext(metric.timestampMillis(), userAgent));
        return new FrontendLog(workspaceId, metric.eventId(), context, new Entry(log));
    }

    private SqlDriverLog log(
            TelemetryMetric metric, @Nullable String statementId, long latencyNanos, @Nullable SqlOperation operation) {
        TelemetrySession session = metric.session();
        ConnectionDetails details = session.details();
        boolean ofSession = identified && metric instanceof SessionMetric;
        return new SqlDriverLog(
                identified ? session.sessionId() : null,
                identified ? statementId : null,
                identified ? details.authType() : null,
                NANOSECONDS.toMillis(latencyNanos),
                ofSession ? system.with(new Driver(details.driverName(), details.driverVersion())) : null,
                ofSession ? connection(details) : null,
                operation,
                error(metric.error()));
    }

    private ConnectionParams connection(ConnectionDetails details) {
        Map<String, Object> more = new TreeMap<>(details.parameters());
        more.keySet().removeAll(OWN);
        return new ConnectionParams(
                details.httpPath(),
                known(MODES, details.mode()),
                new HostInfo(target.host().host(), target.host().port()),
                known(AUTH_MECHS, details.authMech()),
                known(AUTH_FLOWS, details.authFlow()),
                more);
    }

    private static @Nullable String known(Set<String> values, @Nullable String value) {
        return value != null && values.contains(value) ? value : null;
    }

    private static SqlOperation operation(OperationType type) {
        return new SqlOperation(null, false, null, 0, null, null, new OperationDetail(0, 0, type, false));
    }

    private static SqlOperation operation(StatementMetric statement) {
        StatementResult result = statement.result() == null ? StatementResult.ofId(null) : statement.result();
        return new SqlOperation(
                statement.statementType() == StatementType.NONE ? null : statement.statementType(),
                result.compressed(),
                result.format() == ResultFormat.FORMAT_UNSPECIFIED ? null : result.format(),
                result.retryCount(),
                chunks(result),
                latency(result),
                new OperationDetail(
                        result.polls().count(),
                        NANOSECONDS.toMillis(result.polls().nanos()),
                        statement.operation(),
                        statement.internalCall()));
    }

    /** Null for a single inline chunk, which came with the response itself, and where nothing is known. */
    private static @Nullable ChunkDetails chunks(StatementResult result) {
        StatementResult.Chunks chunks = result.chunks();
        int ordinary = result.format() == ResultFormat.EXTERNAL_LINKS ? 0 : 1;
        return chunks.present() <= ordinary && chunks.iterated() <= ordinary && chunks.sumNanos() == 0
                ? null
                : new ChunkDetails(
                        NANOSECONDS.toMillis(chunks.firstNanos()),
                        NANOSECONDS.toMillis(chunks.slowestNanos()),
                        chunks.present(),
                        chunks.iterated(),
                        NANOSECONDS.toMillis(chunks.sumNanos()));
    }

    private static @Nullable ResultLatency latency(StatementResult result) {
        long ready = NANOSECONDS.toMillis(result.latency().readyNanos());
        long consumption = NANOSECONDS.toMillis(result.latency().consumptionNanos());
        return ready == 0 && consumption == 0 ? null : new ResultLatency(ready, consumption);
    }

    private @Nullable ErrorInfo error(@Nullable ErrorDetails error) {
        if (error == null) {
            return null;
        }
        String simpleName =
                error.exceptionClass().substring(error.exceptionClass().lastIndexOf('.') + 1);
        String name = error.sqlState() == null ? simpleName : error.sqlState();
        return new ErrorInfo(name, identified ? stack(error) : null);
    }

    /** The failure's class and codes in a searchable form, then message and frames as far as {@code error-detail} includes them. */
    private static String stack(ErrorDetails error) {
        StringBuilder text = new StringBuilder("class=").append(error.exceptionClass());
        append(text, " sqlState=", error.sqlState());
        append(text, " vendorCode=", error.vendorCode() == 0 ? null : error.vendorCode());
        append(text, " httpStatus=", error.httpStatus() == 0 ? null : error.httpStatus());
        append(text, "\n", error.message());
        append(text, "\n", error.stackFrames());
        return text.toString();
    }

    private static void append(StringBuilder text, String label, @Nullable Object value) {
        if (value != null) {
            text.append(label).append(value);
        }
    }
}
