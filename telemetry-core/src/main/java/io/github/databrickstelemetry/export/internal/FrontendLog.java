package io.github.databrickstelemetry.export.internal;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementResult.ResultFormat;
import io.github.databrickstelemetry.event.StatementType;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One document of the telemetry service. This record and those nested in it are the wire format: Jackson writes them as
 * they are.
 *
 * @param workspaceId 0 when not known, or when the export is unauthenticated
 */
@WireRecord
record FrontendLog(long workspaceId, String frontendLogEventId, Context context, Entry entry) {

    @WireRecord
    record Context(ClientContext clientContext) {}

    @WireRecord
    record ClientContext(long timestampMillis, String userAgent) {}

    @WireRecord
    record Entry(SqlDriverLog sqlDriverLog) {}

    /**
     * What happened. Everything that identifies the sender is null in an unauthenticated export.
     *
     * @param systemConfiguration sent once a session
     * @param driverConnectionParams sent once a session
     */
    @WireRecord
    record SqlDriverLog(
            @Nullable String sessionId,
            @Nullable String sqlStatementId,
            @Nullable String authType,
            long operationLatencyMs,
            @Nullable SystemConfiguration systemConfiguration,
            @Nullable ConnectionParams driverConnectionParams,
            @Nullable SqlOperation sqlOperation,
            @Nullable ErrorInfo errorInfo) {}

    /**
     * How the data source connects.
     *
     * @param more further parameters by their name on the wire; false and 0 are sent, because they were set
     */
    @WireRecord
    record ConnectionParams(
            @Nullable String httpPath,
            @Nullable String mode,
            HostInfo hostInfo,
            @Nullable String authMech,
            @Nullable String authFlow,
            @JsonAnyGetter Map<String, Object> more) {}

    @WireRecord
    record HostInfo(String hostUrl, int port) {}

    /**
     * One operation.
     *
     * @param statementType null when not known
     * @param executionResult null when not known
     */
    @WireRecord
    record SqlOperation(
            @Nullable StatementType statementType,
            @JsonProperty("is_compressed") boolean compressed,
            @Nullable ResultFormat executionResult,
            int retryCount,
            @Nullable ChunkDetails chunkDetails,
            @Nullable ResultLatency resultLatency,
            OperationDetail operationDetail) {}

    @WireRecord
    record ChunkDetails(
            long initialChunkLatencyMillis,
            long slowestChunkLatencyMillis,
            long totalChunksPresent,
            long totalChunksIterated,
            long sumChunksDownloadTimeMillis) {}

    @WireRecord
    record ResultLatency(long resultSetReadyLatencyMillis, long resultSetConsumptionLatencyMillis) {}

    /** The status polls of an operation, and what kind it is. */
    @WireRecord
    record OperationDetail(
            @JsonProperty("n_operation_status_calls") int statusCalls,
            long operationStatusLatencyMillis,
            OperationType operationType,
            @JsonProperty("is_internal_call") boolean internalCall) {}

    @WireRecord
    record ErrorInfo(String errorName, @Nullable String stackTrace) {}
}
