package io.github.databrickstelemetry.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.breaker.CircuitBreaker;
import io.github.databrickstelemetry.breaker.CircuitBreakerRegistry;
import io.github.databrickstelemetry.config.CircuitBreakerSettings;
import io.github.databrickstelemetry.export.ExportResult.Outcome;
import io.github.databrickstelemetry.http.WorkspaceHttp;
import io.github.databrickstelemetry.privacy.HostValidator;
import io.github.databrickstelemetry.testing.FakeClock;
import io.github.databrickstelemetry.testing.StubServer;
import io.github.databrickstelemetry.testing.Targets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DatabricksTelemetryExporterTest {

    private final FakeClock clock = new FakeClock();
    private final StubServer server = StubServer.http();
    private final List<Long> sleeps = new CopyOnWriteArrayList<>();
    private final CircuitBreaker breaker =
            new CircuitBreakerRegistry(clock, new Random(1)).breaker("h:1", CircuitBreakerSettings.DEFAULTS);
    private final DatabricksTelemetryExporterFactory factory = new DatabricksTelemetryExporterFactory(
            new WorkspaceHttp(new HostValidator()), clock, new Random(1), sleeps::add, "app");

    @AfterEach
    void stop() {
        server.close();
    }

    private TelemetryExporter exporter(Targets target) {
        return factory.create(target.build(), breaker);
    }

    @Test
    void exportsMetricsToTheAuthenticatedEndpoint() {
        List<TelemetryMetric> batch = Metrics.statements(3);

        ExportResult result = exporter(Targets.http(server.port())).export(batch);

        assertThat(result).isEqualTo(ExportResult.deliveredAll(3));
        assertThat(server.requests()).hasSize(1);
        StubServer.Request request = server.requests().get(0);
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.path()).isEqualTo("/api/2.0/sql/telemetry-ext");
        assertThat(request.header("Authorization")).isEqualTo("Bearer secret-a");
        assertThat(request.header("x-databricks-org-id")).isEqualTo("4711");
        assertThat(request.header("Content-Type")).isEqualTo("application/json");
        assertThat(request.header("Accept")).isEqualTo("application/json");
        assertThat(result.outcome()).isEqualTo(Outcome.SUCCESS);
    }
}
