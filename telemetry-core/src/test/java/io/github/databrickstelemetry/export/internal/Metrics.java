package io.github.databrickstelemetry.export.internal;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.ErrorMetric;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.SessionMetric;
import io.github.databrickstelemetry.aggregate.TelemetryMetric.StatementMetric;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.ErrorDetails;
import io.github.databrickstelemetry.event.ErrorDetails.ErrorKind;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.SessionFixture;
import io.github.databrickstelemetry.event.StatementResult;
import io.github.databrickstelemetry.event.StatementResult.ResultFormat;
import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.event.TelemetrySession;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Metrics as an ordinary application makes them. */
final class Metrics {

    static final ConnectionDetails DETAILS = new ConnectionDetails(
            "oss-jdbc",
            "3.4.5",
            "PAT",
            "/sql/1.0/warehouses/abc123def456",
            "SEA",
            "PAT",
            "TOKEN_PASSTHROUGH",
            Map.of("socket_timeout", 900, "enable_arrow", true, "use_proxy", false));

    static final TelemetrySession SESSION = SessionFixture.session("01ef9a3c-77d2-1f6e-a5b1-6d9e0f3c2b41", DETAILS);

    private Metrics() {}

    static String id() {
        return UUID.randomUUID().toString();
    }

    /** A query whose result came inline. */
    static StatementMetric statement() {
        return new StatementMetric(
                id(),
                SESSION,
                1_767_225_600_123L,
                id(),
                OperationType.EXECUTE_STATEMENT,
                StatementType.QUERY,
                false,
                123_456_789L,
                new StatementResult(
                        null,
                        ResultFormat.INLINE_JSON,
                        false,
                        new StatementResult.Chunks(1, 1, 0, 0, 0),
                        new StatementResult.Polls(0, 0),
                        new StatementResult.Latency(120_000_000L, 4_000_000L, 0),
                        0),
                null);
    }

    static List<TelemetryMetric> statements(int count) {
        List<TelemetryMetric> metrics = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            metrics.add(statement());
        }
        return metrics;
    }

    static SessionMetric session() {
        return new SessionMetric(id(), SESSION, 1_767_225_600_000L, OperationType.CREATE_SESSION, 250_000_000L);
    }

    static ErrorMetric error() {
        return new ErrorMetric(id(), SESSION, 1_767_225_600_456L, id(), failure());
    }

    static ErrorDetails failure() {
        return new ErrorDetails(
                ErrorKind.TERMINAL,
                "com.databricks.jdbc.exception.DatabricksSQLException",
                "42P01",
                7,
                404,
                null,
                null);
    }
}
