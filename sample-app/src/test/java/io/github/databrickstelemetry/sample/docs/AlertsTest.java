package io.github.databrickstelemetry.sample.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.databrickstelemetry.sample.RunningSample;
import io.github.databrickstelemetry.standin.ServiceMode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus that scrapes the running sample and evaluates docs/alerts.yml. */
class AlertsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path RULES = Pages.ROOT.resolve("docs/alerts.yml");

    @TempDir
    Path directory;

    @Test
    void noneFiresWhileAllIsWellAndTheBreakersInAnOutage() throws Exception {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(dir -> Files.isExecutable(Path.of(dir, "prometheus"))),
                "prometheus is not on the PATH: the alerts are not tested with a scrape. Install Prometheus.");
        try (RunningSample sample = RunningSample.start(
                        "--databricks.telemetry.circuit-breaker.failure-threshold=1",
                        "--databricks.telemetry.circuit-breaker.open-timeout=1m");
                Prometheus prometheus = new Prometheus(directory, sample.address())) {
            prometheus.await("databricks_sql_statements_total", () -> sample.get("/trips/top"));
            Instant scraped = Instant.now();
            // Longer than what the rules wait before they fire.
            await().atMost(RunningSample.PATIENCE)
                    .until(() -> prometheus.evaluatedAllAfter(scraped.plus(Duration.ofSeconds(3))));
            assertThat(prometheus.alerts()).as("firing or pending").isEmpty();

            sample.workspace().telemetry().setMode(ServiceMode.ERROR);
            await().atMost(RunningSample.PATIENCE).until(() -> {
                sample.get("/trips/top");
                return sample.breaker().equals("OPEN");
            });
            await().atMost(RunningSample.PATIENCE)
                    .untilAsserted(() -> assertThat(prometheus.alerts())
                            .containsExactly("DatabricksTelemetryBreakerOpen firing "
                                    + sample.workspace().host()));
        }
    }

    /** Debian's, with rules that wait for a second only. */
    private static final class Prometheus implements AutoCloseable {

        private final Process process;
        private final String address;

        Prometheus(Path directory, String application) throws IOException {
            int port;
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            address = "http://127.0.0.1:" + port;
            Files.writeString(
                    directory.resolve("alerts.yml"),
                    Files.readString(RULES).replaceAll("(?m)^( +for:) \\d+m$", "$1 1s"));
            Files.writeString(
                    directory.resolve("prometheus.yml"), """
                    global: {scrape_interval: 500ms, evaluation_interval: 500ms}
                    rule_files: [alerts.yml]
                    scrape_configs:
                      - job_name: sample
                        metrics_path: /actuator/prometheus
                        static_configs: [{targets: ["%s"]}]
                    """.formatted(application.substring("http://".length())));
            process = new ProcessBuilder(
                            "prometheus",
                            "--config.file=" + directory.resolve("prometheus.yml"),
                            "--storage.tsdb.path=" + directory.resolve("data"),
                            "--web.listen-address=127.0.0.1:" + port)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("prometheus.log").toFile())
                    .start();
        }

        /** Waits until a metric has a value above 0. */
        void await(String metric, Runnable meanwhile) {
            org.awaitility.Awaitility.await()
                    .atMost(RunningSample.PATIENCE)
                    .ignoreExceptions()
                    .until(() -> {
                        meanwhile.run();
                        return !get("/api/v1/query?query=" + URLEncoder.encode(metric + " > 0", StandardCharsets.UTF_8))
                                .path("data")
                                .path("result")
                                .isEmpty();
                    });
        }

        /** Whether every rule has been evaluated after this time, without an error. */
        boolean evaluatedAllAfter(Instant time) {
            List<JsonNode> rules = stream(get("/api/v1/rules").path("data").path("groups"))
                    .flatMap(group -> stream(group.path("rules")))
                    .toList();
            return !rules.isEmpty()
                    && rules.stream()
                            .allMatch(rule -> rule.path("health").asText().equals("ok")
                                    && Instant.parse(rule.path("lastEvaluation").asText())
                                            .isAfter(time));
        }

        /** Pending and firing alerts, each with its state and its host or data source. */
        List<String> alerts() {
            return stream(get("/api/v1/alerts").path("data").path("alerts"))
                    .map(alert -> alert.path("labels").path("alertname").asText() + " "
                            + alert.path("state").asText() + " "
                            + alert.path("labels")
                                    .path("host")
                                    .asText(alert.path("labels")
                                            .path("databricks_data_source")
                                            .asText()))
                    .toList();
        }

        private static Stream<JsonNode> stream(JsonNode array) {
            return StreamSupport.stream(array.spliterator(), false);
        }

        private JsonNode get(String path) {
            try {
                return JSON.readTree(RunningSample.get(address, path).body());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws InterruptedException {
            process.destroy();
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
    }
}
