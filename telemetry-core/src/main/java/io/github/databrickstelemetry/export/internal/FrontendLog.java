package io.github.databrickstelemetry.export.internal;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.StatementResult.ResultFormat;
import io.github.databrickstelemetry.event.StatementType;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One document of the telemetry service. This record and those nested in it are the wire format: {@link WireFormat} writes
 * them as they are, names in snake case, without null, empty, zero and false.
 *
 * @param workspaceId 0 when not known, or when the export is unauthenticated
 */
record FrontendLog(long workspaceId, String frontendLogEventId, Context context, Entry entry) {

    record Context(ClientContext clientContext) {}

    record ClientContext(long timestampMillis, String userAgent) {}

    record Entry(SqlDriverLog sqlDriverLog) {}

    /**
     * What happened. Everything that identifies the sender is null in an unauthenticated export.
     *
     * @param systemConfiguration sent with the metrics of a session only
     * @param driverConnectionParams sent with the metrics of a session only
     */
    record SqlDriverLog(
            @Nullable String sessionId,
            @Nullable String sqlStatementId,
            @Nullable String authType,
            long operationLatencyMs,
            @Nullable SystemConfiguration systemConfiguration,
            @Nullable ConnectionParams driverConnectionParams,
            @Nullable SqlOperation sqlOperation,
            @Nullable ErrorInfo errorInfo) {}

    /** The process that sends, and the driver that it uses. */
    record SystemConfiguration(
            @JsonUnwrapped(prefix = "driver_") @Nullable Driver driver,
            @JsonUnwrapped(prefix = "runtime_") JavaRuntime runtime,
            @JsonUnwrapped(prefix = "os_") OperatingSystem os,
            @Nullable String clientAppName,
            String localeName,
            String charSetEncoding,
            @Nullable String processName) {

        /** This process, without a driver. */
        static SystemConfiguration current(@Nullable String clientAppName) {
            return new SystemConfiguration(
                    null,
                    new JavaRuntime(
                            System.getProperty("java.vm.name"),
                            System.getProperty("java.version"),
                            System.getProperty("java.vendor")),
                    new OperatingSystem(
                            System.getProperty("os.name"),
                            System.getProperty("os.version"),
                            System.getProperty("os.arch")),
                    clientAppName,
                    Locale.getDefault().toString(),
                    Charset.defaultCharset().name(),
                    ownProcessName());
        }

        SystemConfiguration with(Driver used) {
            return new SystemConfiguration(used, runtime, os, clientAppName, localeName, charSetEncoding, processName);
        }

        /** The executable's name alone: its path and arguments may hold names and secrets. */
        private static @Nullable String ownProcessName() {
            return ProcessHandle.current()
                    .info()
                    .command()
                    .map(Path::of)
                    .map(Path::getFileName)
                    .map(Path::toString)
                    .orElse(null);
        }
    }

    record Driver(@Nullable String name, @Nullable String version) {}

    record JavaRuntime(
            @Nullable String name,
            @Nullable String version,
            @Nullable String vendor) {}

    record OperatingSystem(
            @Nullable String name,
            @Nullable String version,
            @Nullable String arch) {}

    /**
     * How the data source connects.
     *
     * @param more further parameters by their name on the wire; false and 0 are sent, because they were set
     */
    record ConnectionParams(
            @Nullable String httpPath,
            @Nullable String mode,
            HostInfo hostInfo,
            @Nullable String authMech,
            @Nullable String authFlow,
            @JsonAnyGetter Map<String, Object> more) {}

    record HostInfo(String hostUrl, int port) {}

    /**
     * One operation.
     *
     * @param statementType null when not known
     * @param executionResult null when not known
     */
    record SqlOperation(
            @Nullable StatementType statementType,
            @JsonProperty("is_compressed") boolean compressed,
            @Nullable ResultFormat executionResult,
            int retryCount,
            @Nullable ChunkDetails chunkDetails,
            @Nullable ResultLatency resultLatency,
            OperationDetail operationDetail) {}

    record ChunkDetails(
            long initialChunkLatencyMillis,
            long slowestChunkLatencyMillis,
            long totalChunksPresent,
            long totalChunksIterated,
            long sumChunksDownloadTimeMillis) {}

    record ResultLatency(long resultSetReadyLatencyMillis, long resultSetConsumptionLatencyMillis) {}

    /** The status polls of an operation, and what kind it is. */
    record OperationDetail(
            @JsonProperty("n_operation_status_calls") int statusCalls,
            long operationStatusLatencyMillis,
            OperationType operationType,
            @JsonProperty("is_internal_call") boolean internalCall) {}

    record ErrorInfo(String errorName, @Nullable String stackTrace) {}
}
