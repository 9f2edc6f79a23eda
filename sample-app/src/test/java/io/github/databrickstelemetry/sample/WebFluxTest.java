package io.github.databrickstelemetry.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.springframework.web.context.WebApplicationContext;

/** The sample on WebFlux instead of servlets. */
class WebFluxTest {

    @Test
    void reportsStatementsAndShowsThem() {
        try (RunningSample sample = RunningSample.start("--spring.main.web-application-type=reactive");
                CapturedLog log = new CapturedLog()) {
            assertThat(sample.context()).isNotInstanceOf(WebApplicationContext.class);
            assertThat(sample.get("/trips/top?limit=5").statusCode()).isEqualTo(200);
            await().atMost(RunningSample.PATIENCE)
                    .untilAsserted(() ->
                            assertThat(sample.statementsReported()).isNotEmpty().containsAll(sample.statementsRun()));

            assertThat(sample.breaker()).isEqualTo("CLOSED");
            assertThat(sample.json("/actuator/databrickstelemetry")
                            .path("hosts")
                            .has(sample.workspace().host()))
                    .isTrue();
            assertThat(sample.get("/actuator/metrics/databricks.telemetry.metrics")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(sample.get("/actuator/prometheus").body()).contains("databricks_telemetry_metrics");
            assertThat(sample.post("/actuator/databrickstelemetry", "{\"action\":\"pause\"}")
                            .body())
                    .contains("\"paused\":true");
            assertThat(log.loud()).isEmpty();
        }
    }
}
