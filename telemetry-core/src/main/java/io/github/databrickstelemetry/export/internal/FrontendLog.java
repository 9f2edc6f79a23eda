package io.github.databrickstelemetry.export.internal;

import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.ResultFormat;
import io.github.databrickstelemetry.event.StatementType;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One document of the telemetry service, with the records of its tree. Names and order on the wire stand beside each
 * component. Everything writes itself, so that no reflection is needed at run time (native images).
 *
 * @param workspaceId 0 when not known or not to be told
 */
record FrontendLog(long workspaceId, String eventId, long timestampMillis, String userAgent, DriverLog entry)
        implements WireWriter.Part {

    @Override
    public void write(WireWriter out) throws IOException {
        out.number("workspace_id", workspaceId);
        out.text("frontend_log_event_id", eventId);
        out.object(
                "context",
                context -> context.object("client_context", client -> {
                    client.number("timestamp_millis", timestampMillis);
                    client.text("user_agent", userAgent);
                }));
        out.object("entry", wrapper -> wrapper.object("sql_driver_log", entry));
    }

    /** {@code sql_driver_log}. */
    record DriverLog(
            @Nullable String sessionId,
            @Nullable String statementId,
            @Nullable String authType,
            long latencyMillis,
            @Nullable SystemConfiguration system,
            @Nullable ConnectionParameters connection,
            @Nullable SqlOperation operation,
            @Nullable ErrorInfo error)
            implements WireWriter.Part {

        @Override
        public void write(WireWriter out) throws IOException {
            out.text("session_id", sessionId);
            out.text("sql_statement_id", statementId);
            out.text("auth_type", authType);
            out.number("operation_latency_ms", latencyMillis);
            out.object("system_configuration", system);
            out.object("driver_connection_params", connection);
            out.object("sql_operation", operation);
            out.object("error_info", error);
        }
    }

    /** {@code driver_connection_params}. */
    record ConnectionParameters(
            @Nullable String httpPath,
            @Nullable String mode,
            String hostUrl,
            int port,
            @Nullable String authMech,
            @Nullable String authFlow,
            Map<String, Object> more)
            implements WireWriter.Part {

        @Override
        public void write(WireWriter out) throws IOException {
            out.text("http_path", httpPath);
            out.text("mode", mode);
            out.object("host_info", host -> {
                host.text("host_url", hostUrl);
                host.number("port", port);
            });
            out.text("auth_mech", authMech);
            out.text("auth_flow", authFlow);
            for (Map.Entry<String, Object> parameter : more.entrySet()) {
                out.value(parameter.getKey(), parameter.getValue());
            }
        }
    }

    /** {@code sql_operation}. */
    record SqlOperation(
            StatementType statementType,
            boolean compressed,
            ResultFormat format,
            int retryCount,
            @Nullable ChunkDetails chunks,
            @Nullable ResultLatency latency,
            OperationDetail detail)
            implements WireWriter.Part {

        @Override
        public void write(WireWriter out) throws IOException {
            out.text("statement_type", statementType == StatementType.NONE ? null : statementType.name());
            out.flag("is_compressed", compressed);
            out.text("execution_result", format == ResultFormat.FORMAT_UNSPECIFIED ? null : format.name());
            out.object("chunk_details", chunks);
            out.object("result_latency", latency);
            out.number("retry_count", retryCount);
            out.object("operation_detail", detail);
        }
    }

    /** {@code chunk_details}. */
    record ChunkDetails(long present, long iterated, long firstMillis, long slowestMillis, long sumMillis)
            implements WireWriter.Part {

        @Override
        public void write(WireWriter out) throws IOException {
            out.number("initial_chunk_latency_millis", firstMillis);
            out.number("slowest_chunk_latency_millis", slowestMillis);
            out.number("total_chunks_present", present);
            out.number("total_chunks_iterated", iterated);
            out.number("sum_chunks_download_time_millis", sumMillis);
        }
    }

    /** {@code result_latency}. */
    record ResultLatency(long readyMillis, long consumptionMillis) implements WireWriter.Part {

        @Override
        public void write(WireWriter out) throws IOException {
            out.number("result_set_ready_latency_millis", readyMillis);
            out.number("result_set_consumption_latency_millis", consumptionMillis);
        }
    }

    /** {@code operation_detail}. */
    record OperationDetail(int polls, long pollMillis, OperationType operation) implements WireWriter.Part {

        @Override
        public void write(WireWriter out) throws IOException {
            out.number("n_operation_status_calls", polls);
            out.number("operation_status_latency_millis", pollMillis);
            out.text("operation_type", operation.name());
        }
    }

    /** {@code error_info}. */
    record ErrorInfo(String name, @Nullable String stackTrace) implements WireWriter.Part {

        @Override
        public void write(WireWriter out) throws IOException {
            out.text("error_name", name);
            out.stack("stack_trace", stackTrace);
        }
    }
}
