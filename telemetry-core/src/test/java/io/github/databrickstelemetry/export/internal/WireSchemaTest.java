package io.github.databrickstelemetry.export.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
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
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What is sent against {@code wire-schema.csv}, which says for each field and enum value where it is published. */
class WireSchemaTest {

    private static final String PARAMETERS = "entry.sql_driver_log.driver_connection_params.";
    private static final Set<String> NUMBERS = Set.of(
            "socket_timeout",
            "string_column_length",
            "http_connection_pool_size",
            "rows_fetched_per_block",
            "async_poll_interval_millis");

    private final WireFormat format = new WireFormat(
            Targets.of("dbc-1.cloud.databricks.com").build(), FrontendLog.SystemConfiguration.current("orders"));

    /** Fields with their enum values, in order. */
    private static Map<String, Set<String>> schema() throws IOException {
        Map<String, Set<String>> fields = new TreeMap<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(WireSchemaTest.class.getResourceAsStream("/wire-schema.csv")),
                StandardCharsets.UTF_8))) {
            lines.lines()
                    .filter(line -> !line.startsWith("#") && !line.startsWith("field;"))
                    .forEach(line -> {
                        String[] columns = line.split(";", -1);
                        assertThat(columns).as(line).hasSize(3);
                        assertThat(columns[2]).as(line).isIn("proto", "jdbc");
                        fields.put(
                                columns[0],
                                columns[1].isEmpty() ? Set.of() : new TreeSet<>(List.of(columns[1].split(" "))));
                    });
        }
        return fields;
    }

    private Map<String, Set<String>> sent() throws IOException {
        Map<String, Set<String>> sent = new TreeMap<>();
        for (String mode : List.of("SEA", "THRIFT", "GRPC")) {
            collect(session(mode, "PAT", "TOKEN_PASSTHROUGH"), sent);
        }
        for (String mechanism : List.of("PAT", "OAUTH", "OTHER", "KERBEROS")) {
            collect(session("SEA", mechanism, "CLIENT_CREDENTIALS"), sent);
        }
        collect(session("SEA", "OAUTH", "BROWSER_BASED_AUTHENTICATION"), sent);
        collect(session("SEA", "OAUTH", "AZURE_MANAGED_IDENTITIES"), sent);
        for (OperationType operation : OperationType.values()) {
            collect(statement(operation, StatementType.NONE, ResultFormat.FORMAT_UNSPECIFIED), sent);
        }
        for (StatementType type : StatementType.values()) {
            collect(statement(OperationType.EXECUTE_STATEMENT, type, ResultFormat.EXTERNAL_LINKS), sent);
        }
        for (ResultFormat format : ResultFormat.values()) {
            collect(statement(OperationType.EXECUTE_STATEMENT, StatementType.QUERY, format), sent);
        }
        return sent;
    }

    private static TelemetryMetric session(String mode, String mechanism, String flow) throws IOException {
        Map<String, Object> parameters = new TreeMap<>();
        for (String field : schema().keySet()) {
            String name = field.substring(field.lastIndexOf('.') + 1);
            if (field.equals(PARAMETERS + name)
                    && !Set.of("http_path", "mode", "auth_mech", "auth_flow").contains(name)) {
                parameters.put(name, NUMBERS.contains(name) ? 1 : name.equals("query_tags") ? "a:b" : (Object) true);
            }
        }
        ConnectionDetails details = new ConnectionDetails(
                "driver", "1.2.3", "PAT", "/sql/1.0/warehouses/a", mode, mechanism, flow, parameters);
        return new SessionMetric(
                Metrics.id(), SessionFixture.session("s", details), 1, OperationType.CREATE_SESSION, 1_000_000);
    }

    private static TelemetryMetric statement(OperationType operation, StatementType type, ResultFormat format) {
        StatementResult result = new StatementResult(
                "id",
                format,
                true,
                new StatementResult.Chunks(2, 2, 1_000_000, 1_000_000, 1_000_000),
                new StatementResult.Polls(1, 1_000_000),
                new StatementResult.Latency(1_000_000, 1_000_000, 0),
                1);
        return new StatementMetric(
                Metrics.id(), Metrics.SESSION, 1, "id", operation, type, true, 1_000_000, result, Metrics.failure());
    }

    private void collect(TelemetryMetric metric, Map<String, Set<String>> sent) throws IOException {
        collect("", new JsonMapper().readTree(format.encode(metric).json()), sent);
    }

    private static void collect(String path, JsonNode node, Map<String, Set<String>> sent) throws IOException {
        if (node.isObject()) {
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                collect(path.isEmpty() ? field.getKey() : path + "." + field.getKey(), field.getValue(), sent);
            }
        } else {
            Set<String> values = sent.computeIfAbsent(path, missing -> new TreeSet<>());
            if (!schema().getOrDefault(path, Set.of()).isEmpty()) {
                values.add(node.asText());
            }
        }
    }

    @Test
    void sendsExactlyTheFieldsAndValuesThatTheSchemaHas() throws Exception {
        assertThat(sent()).isEqualTo(schema());
    }
}
