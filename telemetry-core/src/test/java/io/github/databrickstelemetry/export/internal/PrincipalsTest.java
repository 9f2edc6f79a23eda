package io.github.databrickstelemetry.export.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.breaker.internal.CircuitBreaker;
import io.github.databrickstelemetry.breaker.internal.CircuitBreakerRegistry;
import io.github.databrickstelemetry.config.ClientSettings.CircuitBreakerSettings;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.event.SessionFixture;
import io.github.databrickstelemetry.export.TelemetryExporter;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.testing.FakeClock;
import io.github.databrickstelemetry.testing.StubServer;
import io.github.databrickstelemetry.testing.StubServer.Answer;
import io.github.databrickstelemetry.testing.Targets;
import io.github.databrickstelemetry.workspace.CredentialSource;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.internal.WorkspaceHttp;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.slf4j.helpers.NOPLogger;

/** Two tenants on one host share its breaker and its paths, and nothing else. */
class PrincipalsTest {

    private static final int EXPORTS = 300;

    private final FakeClock clock = new FakeClock();

    /** A token that is another one for each request. */
    private record Rotating(String identity, AtomicInteger generation) implements CredentialSource {
        @Override
        public String authorization() {
            return "Bearer " + identity + "-" + generation.incrementAndGet();
        }
    }

    @Test
    void neverSendsAMetricUnderTheOtherTenantsToken() throws Exception {
        AtomicInteger answers = new AtomicInteger();
        try (StubServer server = StubServer.http()
                .answering(request -> Answer.of(
                        switch (answers.incrementAndGet() % 7) {
                            case 0 -> 503;
                            case 3 -> 401;
                            default -> 200;
                        }))) {
            CircuitBreaker breaker =
                    new CircuitBreakerRegistry(clock, new Random(1)).breaker("h:1", CircuitBreakerSettings.DEFAULTS);
            DatabricksTelemetryExporterFactory factory = new DatabricksTelemetryExporterFactory(
                    new WorkspaceHttp(), clock, new Random(1), millis -> {}, null, new Guard(NOPLogger.NOP_LOGGER));
            List<String> tenants = List.of("tenant-a", "tenant-b");
            ExecutorService executor = Executors.newFixedThreadPool(4);
            try {
                List<Future<?>> exports = new ArrayList<>();
                for (String tenant : tenants) {
                    TelemetryTarget target = Targets.http(server.port())
                            .retries(2)
                            .credentials(new Rotating(tenant, new AtomicInteger()))
                            .build();
                    for (int i = 0; i < EXPORTS; i++) {
                        TelemetryExporter exporter = factory.create(target, breaker);
                        exports.add(executor.submit(() -> exporter.export(List.of(session(tenant)))));
                    }
                }
                for (Future<?> export : exports) {
                    export.get();
                }
            } finally {
                executor.shutdownNow();
            }

            assertThat(server.requests()).hasSizeGreaterThan(EXPORTS);
            assertThat(server.requests()).allSatisfy(request -> {
                String token = String.valueOf(request.header("Authorization"));
                String tenant = token.substring("Bearer ".length(), token.lastIndexOf('-'));
                assertThat(request.text()).contains("session-of-" + tenant);
            });
            assertThat(server.requests().stream().map(request -> request.header("Authorization")))
                    .as("asked for before every request")
                    .doesNotHaveDuplicates();
        }
    }

    private static TelemetryMetric session(String tenant) {
        return new TelemetryMetric.SessionMetric(
                Metrics.id(),
                SessionFixture.session("session-of-" + tenant, ConnectionDetails.UNKNOWN),
                1,
                OperationType.CREATE_SESSION,
                1);
    }
}
