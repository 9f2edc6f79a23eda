package io.github.databrickstelemetry.export.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.internal.fasterxml.jackson.core.JsonParser;
import com.databricks.internal.fasterxml.jackson.databind.DeserializationContext;
import com.databricks.internal.fasterxml.jackson.databind.DeserializationFeature;
import com.databricks.internal.fasterxml.jackson.databind.JsonNode;
import com.databricks.internal.fasterxml.jackson.databind.ObjectMapper;
import com.databricks.internal.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.databricks.internal.fasterxml.jackson.databind.deser.ValueInstantiator;
import com.databricks.jdbc.common.TelemetryLogLevel;
import com.databricks.jdbc.model.telemetry.TelemetryFrontendLog;
import com.databricks.jdbc.model.telemetry.TelemetryRequest;
import com.databricks.jdbc.model.telemetry.latency.OperationDetail;
import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.SessionMetric;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.StatementMetric;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.SessionFixture;
import io.github.databrickstelemetry.event.StatementResult;
import io.github.databrickstelemetry.event.StatementResult.ResultFormat;
import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.testing.Targets;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What we write is read by the Databricks driver's own classes, which know no other properties. */
class DriverModelTest {

    private final ObjectMapper driver = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .addHandler(new OperationDetailMaker());

    /** Makes the one class of the tree that has no constructor which Jackson can use. */
    private final class OperationDetailMaker extends DeserializationProblemHandler {
        @Override
        public Object handleMissingInstantiator(
                DeserializationContext context,
                Class<?> type,
                ValueInstantiator instantiator,
                JsonParser parser,
                String message)
                throws IOException {
            return type == OperationDetail.class
                    ? driver.readerForUpdating(new OperationDetail(false)).readValue(parser)
                    : NOT_HANDLED;
        }
    }

    private final WireFormat format = new WireFormat(
            Targets.of("dbc-1.cloud.databricks.com").build(), FrontendLog.SystemConfiguration.current("orders"));

    /** The driver's reading of a metric, as a tree. */
    private JsonNode read(TelemetryMetric metric) throws Exception {
        byte[] body = WireFormat.body(List.of(format.encode(metric)), 42);
        TelemetryRequest request = driver.readValue(body, TelemetryRequest.class);
        assertThat(request.getUploadTime()).isEqualTo(42);
        assertThat(request.getProtoLogs()).hasSize(1);
        TelemetryFrontendLog log = driver.readerForUpdating(new TelemetryFrontendLog(TelemetryLogLevel.DEBUG))
                .readValue(request.getProtoLogs().get(0));
        return driver.valueToTree(log);
    }

    private static StatementMetric statement(OperationType operation, StatementType type, StatementResult result) {
        return new StatementMetric(
                Metrics.id(), Metrics.SESSION, 5, "stmt", operation, type, false, 9_000_000, result, Metrics.failure());
    }

    @Test
    void readsASession() throws Exception {
        JsonNode entry = read(Metrics.session()).at("/entry/sql_driver_log");

        assertThat(entry.at("/session_id").asText()).isEqualTo(Metrics.SESSION.sessionId());
        assertThat(entry.at("/operation_latency_ms").asLong()).isEqualTo(250);
        assertThat(entry.at("/sql_operation/operation_detail/operation_type").asText())
                .isEqualTo("CREATE_SESSION");
        JsonNode system = entry.at("/system_configuration");
        assertThat(system.at("/driver_name").asText()).isEqualTo("oss-jdbc");
        assertThat(system.at("/runtime_version").asText()).isEqualTo(System.getProperty("java.version"));
        assertThat(system.at("/os_name").asText()).isEqualTo(System.getProperty("os.name"));
        assertThat(system.at("/client_app_name").asText()).isEqualTo("orders");
        assertThat(system.at("/process_name").asText()).startsWith("java").doesNotContain("/", " ");
        JsonNode connection = entry.at("/driver_connection_params");
        assertThat(connection.at("/host_info/host_url").asText()).isEqualTo("dbc-1.cloud.databricks.com");
        assertThat(connection.at("/host_info/port").asInt()).isEqualTo(443);
        assertThat(connection.at("/http_path").asText()).isEqualTo("/sql/1.0/warehouses/abc123def456");
        assertThat(connection.at("/auth_flow").asText()).isEqualTo("TOKEN_PASSTHROUGH");
        assertThat(connection.at("/socket_timeout").asInt()).isEqualTo(900);
        assertThat(connection.at("/enable_arrow").asBoolean()).isTrue();
    }

    @Test
    void readsAStatementWithEverything() throws Exception {
        StatementResult result = new StatementResult(
                "stmt",
                ResultFormat.EXTERNAL_LINKS,
                true,
                new StatementResult.Chunks(7, 6, 11_000_000, 22_000_000, 33_000_000),
                new StatementResult.Polls(3, 66_000_000),
                new StatementResult.Latency(44_000_000, 55_000_000, 0),
                2);

        JsonNode log = read(statement(OperationType.EXECUTE_STATEMENT, StatementType.QUERY, result));

        assertThat(log.at("/workspace_id").asLong()).isEqualTo(1234567890123456L);
        assertThat(log.at("/context/client_context/timestamp_millis").asLong()).isEqualTo(5);
        JsonNode operation = log.at("/entry/sql_driver_log/sql_operation");
        assertThat(operation.at("/is_compressed").asBoolean()).isTrue();
        assertThat(operation.at("/execution_result").asText()).isEqualTo("EXTERNAL_LINKS");
        assertThat(operation.at("/retry_count").asInt()).isEqualTo(2);
        JsonNode chunks = operation.at("/chunk_details");
        assertThat(chunks.at("/total_chunks_present").asLong()).isEqualTo(7);
        assertThat(chunks.at("/total_chunks_iterated").asLong()).isEqualTo(6);
        assertThat(chunks.at("/initial_chunk_latency_millis").asLong()).isEqualTo(11);
        assertThat(chunks.at("/slowest_chunk_latency_millis").asLong()).isEqualTo(22);
        assertThat(chunks.at("/sum_chunks_download_time_millis").asLong()).isEqualTo(33);
        assertThat(operation
                        .at("/result_latency/result_set_ready_latency_millis")
                        .asLong())
                .isEqualTo(44);
        assertThat(operation
                        .at("/result_latency/result_set_consumption_latency_millis")
                        .asLong())
                .isEqualTo(55);
        assertThat(operation.at("/operation_detail/n_operation_status_calls").asInt())
                .isEqualTo(3);
        assertThat(operation
                        .at("/operation_detail/operation_status_latency_millis")
                        .asLong())
                .isEqualTo(66);
        JsonNode error = log.at("/entry/sql_driver_log/error_info");
        assertThat(error.at("/error_name").asText()).isEqualTo("42P01");
        assertThat(error.at("/stack_trace").asText())
                .isEqualTo("class=com.databricks.jdbc.exception.DatabricksSQLException"
                        + " sqlState=42P01 vendorCode=7 httpStatus=404");
    }

    @Test
    void readsAnErrorOnItsOwn() throws Exception {
        JsonNode entry = read(Metrics.error()).at("/entry/sql_driver_log");

        assertThat(entry.at("/error_info/error_name").asText()).isEqualTo("42P01");
        assertThat(entry.at("/sql_operation").isMissingNode()
                        || entry.at("/sql_operation").isNull())
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource(OperationType.class)
    void knowsEveryOperation(OperationType operation) throws Exception {
        JsonNode log = read(statement(operation, StatementType.METADATA, StatementResult.ofId(null)));

        assertThat(log.at("/entry/sql_driver_log/sql_operation/operation_detail/operation_type")
                        .asText())
                .isEqualTo(operation.name());
    }

    @ParameterizedTest
    @EnumSource(ResultFormat.class)
    void knowsEveryFormat(ResultFormat format) throws Exception {
        StatementResult result = new StatementResult(
                null,
                format,
                false,
                new StatementResult.Chunks(0, 0, 0, 0, 0),
                new StatementResult.Polls(0, 0),
                new StatementResult.Latency(0, 0, 0),
                0);

        read(statement(OperationType.EXECUTE_STATEMENT, StatementType.SQL, result));
    }

    @ParameterizedTest
    @EnumSource(StatementType.class)
    void knowsEveryStatementType(StatementType type) throws Exception {
        read(statement(OperationType.EXECUTE_STATEMENT, type, StatementResult.ofId(null)));
    }

    @Test
    void survivesHostileStrings() throws Exception {
        String hostile = "\"\\\u0000\u001f\n\r\t\u2028</script>\ud83d\ude00\udc00\ud800";
        StatementMetric metric = new StatementMetric(
                hostile,
                Metrics.SESSION,
                5,
                hostile,
                OperationType.EXECUTE_STATEMENT,
                StatementType.SQL,
                false,
                1,
                null,
                null);

        assertThat(read(metric).at("/entry/sql_driver_log/sql_statement_id").asText())
                .isEqualTo("\"\\\u0000\u001f\n\r\t\u2028</script>\ud83d\ude00??");
    }

    @Test
    void marksACallOfTheDriversOwn() throws Exception {
        StatementMetric metric = new StatementMetric(
                Metrics.id(),
                Metrics.SESSION,
                5,
                "stmt",
                OperationType.EXECUTE_STATEMENT,
                StatementType.SQL,
                true,
                1,
                null,
                null);

        assertThat(read(metric)
                        .at("/entry/sql_driver_log/sql_operation/operation_detail/is_internal_call")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void sendsNoEnumValueThatTheSchemaLacks() throws Exception {
        JsonNode connection = connection(new ConnectionDetails(
                null, null, null, "/sql", "GRPC", "KERBEROS", "AZURE_MANAGED_IDENTITIES", Map.of("query_tags", "a:b")));

        assertThat(connection.at("/mode").textValue()).isNull();
        assertThat(connection.at("/auth_mech").textValue()).isNull();
        assertThat(connection.at("/auth_flow").textValue()).isNull();
        assertThat(connection.at("/query_tags").asText()).isEqualTo("a:b");
    }

    @ParameterizedTest
    @CsvSource({
        "/sql/1.0/warehouses/a, /sql/1.0/warehouses/a",
        "/sql/1.0/warehouses/a?o=4711, /sql/1.0/warehouses/a?o=4711",
        "/sql/1.0/warehouses/a?token=secret&o=4711&x=y, /sql/1.0/warehouses/a?o=4711",
        "/sql/1.0/warehouses/a?token=secret, /sql/1.0/warehouses/a",
        "/sql/1.0/warehouses/a?o=secret, /sql/1.0/warehouses/a",
        "/sql/1.0/warehouses/a?, /sql/1.0/warehouses/a"
    })
    void sendsOfAQueryOnlyTheOrganisation(String httpPath, String sent) throws Exception {
        JsonNode connection = connection(new ConnectionDetails(null, null, null, httpPath, null, null, null, Map.of()));

        assertThat(connection.at("/http_path").asText()).isEqualTo(sent);
    }

    private JsonNode connection(ConnectionDetails details) throws Exception {
        SessionMetric metric = new SessionMetric(
                Metrics.id(), SessionFixture.session("s", details), 5, OperationType.CREATE_SESSION, 1);
        return read(metric).at("/entry/sql_driver_log/driver_connection_params");
    }

    @Test
    void keepsAnOrdinaryStatementSmall() throws Exception {
        List<WireFormat.Document> encoded = new ArrayList<>();
        for (TelemetryMetric metric : Metrics.statements(100)) {
            encoded.add(format.encode(metric));
        }
        byte[] body = WireFormat.body(encoded, 1_767_225_600_000L);
        // Request line and headers as an exporter sends them, with a token of 40 characters: measured below 500 bytes.
        int headers = 500;

        assertThat((body.length + headers) / 100).isLessThanOrEqualTo(700);
        assertThat((WireFormat.gzip(body).length + headers) / 100).isLessThanOrEqualTo(150);
    }
}
