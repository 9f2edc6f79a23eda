package io.github.databrickstelemetry.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.databrickstelemetry.standin.ServiceMode;
import io.github.databrickstelemetry.standin.TelemetryDocument;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the application and its people notice while the telemetry service is broken, and what is lost: nothing. */
class OutageTest {

    private static RunningSample start() {
        return RunningSample.start(
                "--databricks.telemetry.circuit-breaker.failure-threshold=3",
                "--databricks.telemetry.circuit-breaker.open-timeout=1500ms");
    }

    private static void queries(RunningSample sample, int count) {
        for (int i = 0; i < count; i++) {
            assertThat(sample.get("/trips/top?limit=3").statusCode()).isEqualTo(200);
        }
    }

    private static void awaitBreaker(RunningSample sample, String state) {
        await().atMost(RunningSample.PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(sample.breaker()).isEqualTo(state));
    }

    /** The breaker learns from requests, so there must be something to send. */
    private static void awaitClosedUnderLoad(RunningSample sample) {
        await().atMost(RunningSample.PATIENCE).until(() -> {
            queries(sample, 1);
            return sample.breaker().equals("CLOSED");
        });
    }

    private static void awaitEverything(RunningSample sample) {
        await().atMost(RunningSample.PATIENCE)
                .untilAsserted(() -> assertThat(sample.statementsReported()).containsAll(sample.statementsRun()));
        assertThat(sample.received()).extracting(TelemetryDocument::eventId).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource(names = {"ERROR", "THROTTLED", "FORBIDDEN", "HANG", "REFUSE"})
    void queriesGoOnInSilenceAndEverythingArrivesAfterwards(ServiceMode broken) {
        try (RunningSample sample = start();
                CapturedLog log = new CapturedLog()) {
            queries(sample, 1);
            awaitEverything(sample);

            sample.post("/workspace/telemetry/" + broken);
            queries(sample, 20);
            awaitBreaker(sample, "OPEN");
            queries(sample, 20);
            assertThat(sample.json("/actuator/health").path("status").asText()).isEqualTo("UP");
            await().atMost(RunningSample.PATIENCE)
                    .until(() -> sample.health().path("pending").asLong() > 0);

            sample.post("/workspace/telemetry/HEALTHY");
            awaitEverything(sample);
            awaitClosedUnderLoad(sample);
            assertThat(sample.health().path("dropped").asLong()).isZero();
            assertThat(log.loud()).isEmpty();
            assertThat(log.ours())
                    .noneMatch(line -> line.contains(sample.workspace().token()) || line.contains("SELECT"));
        }
    }

    @Test
    void goesThroughHalfOpenBackToClosed() {
        // Many successes are needed, so that the state on the way is there long enough to be seen.
        try (RunningSample sample = RunningSample.start(
                "--databricks.telemetry.circuit-breaker.failure-threshold=2",
                "--databricks.telemetry.circuit-breaker.open-timeout=300ms",
                "--databricks.telemetry.circuit-breaker.success-threshold=3")) {
            queries(sample, 1);
            awaitEverything(sample);
            assertThat(sample.breaker()).isEqualTo("CLOSED");

            sample.workspace().telemetry().setMode(ServiceMode.ERROR);
            queries(sample, 3);
            awaitBreaker(sample, "OPEN");

            sample.workspace().telemetry().setMode(ServiceMode.HEALTHY);
            awaitBreaker(sample, "HALF_OPEN");
            assertThat(sample.json("/actuator/health").path("status").asText()).isEqualTo("UP");

            awaitClosedUnderLoad(sample);
            awaitEverything(sample);
        }
    }

    @Test
    void discardsAndCountsWhatTheServerDoesNotWant() {
        try (RunningSample sample = start()) {
            sample.post("/workspace/flag/false");
            queries(sample, 3);
            await().atMost(RunningSample.PATIENCE)
                    .untilAsserted(
                            () -> assertThat(sample.health().path("featureFlag").asText())
                                    .isEqualTo("OFF"));
            await().atMost(RunningSample.PATIENCE).until(() -> {
                queries(sample, 1);
                return sample.health().path("dropped").asLong() > 0;
            });
            assertThat(sample.received()).isEmpty();
            assertThat(sample.get("/actuator/prometheus").body()).contains("reason=\"flag_off\"");
        }
    }
}
