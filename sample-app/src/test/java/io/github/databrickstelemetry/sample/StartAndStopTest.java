package io.github.databrickstelemetry.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.databrickstelemetry.sample.workspace.EmbeddedWorkspace;
import io.github.databrickstelemetry.sample.workspace.EndpointMode;
import io.github.databrickstelemetry.sample.workspace.ReceivedDocument;
import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** How the sample starts, how it refuses to, and what it leaves behind. */
@ExtendWith(OutputCaptureExtension.class)
class StartAndStopTest {

    private static final String[] REAL = {
        "--spring.profiles.active=databricks",
        "--DATABRICKS_HOST=localhost:1",
        "--DATABRICKS_HTTP_PATH=/sql/1.0/warehouses/abc",
        "--DATABRICKS_TOKEN=not-a-token"
    };

    @Test
    void saysOnceWhichAddressToOpenAndNothingElse(CapturedOutput output) {
        try (RunningSample sample = RunningSample.start()) {
            assertThat(output.toString().lines().filter(line -> !line.isBlank()))
                    .singleElement()
                    .asString()
                    .contains("open " + sample.address());
        }
    }

    @Test
    void saysWhichVariableIsMissing(CapturedOutput output) {
        assertThatThrownBy(() -> RunningSample.start(
                        "--spring.profiles.active=databricks", "--DATABRICKS_HOST=", REAL[2], REAL[3]))
                .isInstanceOf(RuntimeException.class);
        assertThat(output.toString())
                .contains("The profile 'databricks' needs the environment variable DATABRICKS_HOST, which is not set.")
                .doesNotContain("\tat ");
    }

    @Test
    void saysThatTheWebPortIsInUse(CapturedOutput output) throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            assertThatThrownBy(() -> RunningSample.start("--server.port=" + taken.getLocalPort()))
                    .isInstanceOf(RuntimeException.class);
            assertThat(output.toString())
                    .contains("Port " + taken.getLocalPort() + " was already in use.")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void saysThatTheWorkspacesPortIsInUse(CapturedOutput output) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            assertThatThrownBy(() -> RunningSample.start("--workspace.port=" + taken.getLocalPort()))
                    .isInstanceOf(RuntimeException.class);
            assertThat(output.toString())
                    .contains("port " + taken.getLocalPort() + " is already in use.")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void startsNothingEmbeddedForARealWorkspace() {
        try (RunningSample sample = RunningSample.start(REAL)) {
            assertThat(sample.context().getBeansOfType(EmbeddedWorkspace.class)).isEmpty();
            assertThat(sample.get("/workspace/telemetry").statusCode()).isEqualTo(404);
            assertThat(sample.get("/").statusCode()).isEqualTo(200);
            assertThat(sample.context().getEnvironment().getProperty("spring.datasource.url"))
                    .startsWith("jdbc:databricks://localhost:1/default;")
                    .contains("httpPath=/sql/1.0/warehouses/abc")
                    .doesNotContain("not-a-token");
        }
    }

    @Test
    void sendsTheLastTelemetryOnItsWayOutAndLeavesNoThread() {
        RunningSample sample = RunningSample.start("--databricks.telemetry.flush-interval=1h");
        EmbeddedWorkspace workspace = sample.workspace();
        assertThat(sample.get("/trips/top").statusCode()).isEqualTo(200);
        String run = workspace.history().newest(1).get(0).statementId();

        sample.close();

        List<ReceivedDocument> received = workspace.telemetry().newest(100);
        assertThat(received).extracting(ReceivedDocument::statementId).contains(run);
        assertThat(received)
                .extracting(ReceivedDocument::operation)
                .contains("CREATE_SESSION", "DELETE_SESSION", "EXECUTE_STATEMENT");
        awaitNoThreadOfOurs();
    }

    @Test
    void stopsWhileTheTelemetryServiceHangs() {
        RunningSample sample = RunningSample.start("--databricks.telemetry.export.read-timeout=1m");
        sample.workspace().telemetry().setMode(EndpointMode.HANG);
        assertThat(sample.get("/trips/top").statusCode()).isEqualTo(200);

        sample.close();

        awaitNoThreadOfOurs();
    }

    @Test
    void runsWithWhatWasPreparedAheadOfTime() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dspring.aot.enabled=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SampleApplication.class.getName(),
                        "--server.port=0",
                        "--workspace.trips=100",
                        "--logging.level.org.springframework.boot.SpringApplication=debug")
                .redirectErrorStream(true)
                .start();
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            String first = reader.lines()
                    .filter(line -> line.contains("open http://") || line.contains("APPLICATION FAILED"))
                    .findFirst()
                    .orElse("nothing");
            assertThat(first).contains("open http://");
        } finally {
            process.destroy();
        }
    }

    private static void awaitNoThreadOfOurs() {
        await().atMost(RunningSample.PATIENCE)
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .extracting(Thread::getName)
                        .noneMatch(name -> name.startsWith("databricks-telemetry-")));
    }
}
