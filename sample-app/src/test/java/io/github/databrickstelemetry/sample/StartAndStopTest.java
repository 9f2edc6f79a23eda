package io.github.databrickstelemetry.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.standin.ServiceMode;
import io.github.databrickstelemetry.standin.TelemetryDocument;
import io.github.databrickstelemetry.standin.WorkspaceStandIn;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
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
    void startsNoStandInForARealWorkspace() {
        try (RunningSample sample = RunningSample.start(REAL)) {
            assertThat(sample.context().getBeansOfType(WorkspaceStandIn.class)).isEmpty();
            assertThat(sample.get("/workspace/telemetry").statusCode()).isEqualTo(404);
            assertThat(sample.get("/").statusCode()).isEqualTo(200);
            assertThat(sample.context().getEnvironment().getProperty("spring.datasource.url"))
                    .startsWith("jdbc:databricks://localhost:1/default;")
                    .contains("httpPath=/sql/1.0/warehouses/abc")
                    .doesNotContain("not-a-token");
        }
    }

    @Test
    void hasTheClientsOfItsHostsAndNothingElseWhileTelemetryIsOff() {
        try (RunningSample sample = RunningSample.start(
                "--databricks.telemetry.enabled=false", "--databricks.telemetry.hosts.prod.host=prod.example.com")) {
            assertThat(sample.get("/trips/top").statusCode()).isEqualTo(200);
            assertThat(sample.context().getBeansOfType(TelemetryClient.class)).containsOnlyKeys("prodTelemetryClient");
            assertThat(sample.context().getBeansOfType(TelemetryClientProvider.class))
                    .isEmpty();
            assertThat(sample.get("/actuator/databrickstelemetry").statusCode()).isEqualTo(404);
            awaitNoThreadOfOurs();
        }
    }

    @Test
    void sendsTheLastTelemetryOnItsWayOutAndLeavesNoThread() {
        RunningSample sample = RunningSample.start("--databricks.telemetry.flush-interval=1h");
        WorkspaceStandIn workspace = sample.workspace();
        assertThat(sample.get("/trips/top").statusCode()).isEqualTo(200);
        String run = workspace.lastStatement().id();

        sample.close();

        List<TelemetryDocument> received = workspace.telemetry().received();
        assertThat(received).extracting(TelemetryDocument::statementId).contains(run);
        assertThat(received)
                .extracting(TelemetryDocument::operation)
                .contains("CREATE_SESSION", "DELETE_SESSION", "EXECUTE_STATEMENT");
        awaitNoThreadOfOurs();
    }

    @Test
    void stopsWhileTheTelemetryServiceHangs() {
        RunningSample sample = RunningSample.start("--databricks.telemetry.export.read-timeout=1m");
        sample.workspace().telemetry().setMode(ServiceMode.HANG);
        assertThat(sample.get("/trips/top").statusCode()).isEqualTo(200);

        sample.close();

        awaitNoThreadOfOurs();
    }

    @Test
    void runsWithWhatWasPreparedAheadOfTime() throws Exception {
        Process process = process(
                List.of("-Dspring.aot.enabled=true"),
                "--logging.level.org.springframework.boot.SpringApplication=debug");
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(awaitReady(reader)).contains("open http://");
        } finally {
            process.destroy();
        }
    }

    /**
     * Newer JVMs warn of what a library may not do for much longer, such as memory access with {@code sun.misc.Unsafe}
     * and native access, and do it past everything that could capture it in here.
     */
    @Test
    void makesTheJvmWarnOfNothing() throws Exception {
        Process process = process(List.of(), "--databricks.telemetry.flush-interval=100ms");
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            String ready = awaitReady(reader);
            assertThat(ready.lines()).singleElement().asString().contains("open http://");
            String address = ready.substring(ready.indexOf("http://")).replaceFirst("/$", "");
            assertThat(RunningSample.get(address, "/trips/top").statusCode()).isEqualTo(200);
            await().atMost(RunningSample.PATIENCE)
                    .until(() -> hasDelivered(
                            RunningSample.get(address, "/actuator/prometheus").body()));
            // Unlike the process's own method, this one leaves its output open.
            process.toHandle().destroy();
            assertThat(reader.lines()).isEmpty();
        } finally {
            process.destroyForcibly();
        }
    }

    private static boolean hasDelivered(String meters) {
        return meters.lines()
                .filter(line -> line.startsWith("databricks_telemetry_metrics_total{"))
                .filter(line -> line.contains("outcome=\"delivered\""))
                .anyMatch(line -> !line.endsWith(" 0.0"));
    }

    private static Process process(List<String> jvmOptions, String argument) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                SampleApplication.class.getName(),
                "--server.port=0",
                "--workspace.trips=100",
                "--databricks.telemetry.insight.log=off",
                argument));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** The line that says where it listens, or why it does not start. What else there is comes back with it. */
    private static String awaitReady(BufferedReader reader) throws IOException {
        StringBuilder seen = new StringBuilder();
        String line = reader.readLine();
        while (line != null && !line.contains("open http://") && !line.contains("APPLICATION FAILED")) {
            seen.append(line).append('\n');
            line = reader.readLine();
        }
        return seen.append(line).toString();
    }

    private static void awaitNoThreadOfOurs() {
        await().atMost(RunningSample.PATIENCE)
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .extracting(Thread::getName)
                        .noneMatch(name -> name.startsWith("databricks-telemetry-")));
    }
}
