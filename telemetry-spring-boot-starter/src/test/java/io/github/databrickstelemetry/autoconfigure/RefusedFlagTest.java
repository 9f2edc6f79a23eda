package io.github.databrickstelemetry.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.github.databrickstelemetry.actuate.Boot3HealthIndicator;
import io.github.databrickstelemetry.client.TelemetryClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A workspace that does not know the token. */
class RefusedFlagTest {

    private final HttpServer workspace;

    RefusedFlagTest() throws IOException {
        workspace = HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0);
        workspace.createContext("/", exchange -> {
            exchange.sendResponseHeaders(401, -1);
            exchange.close();
        });
        workspace.start();
    }

    @AfterEach
    void stop() {
        workspace.stop(0);
    }

    @Test
    void healthSaysWhatCameInsteadOfTheFlag() {
        String host = "127.0.0.1:" + workspace.getAddress().getPort();
        Contexts.enabled()
                .withPropertyValues(
                        "databricks.telemetry.hosts.prod.host=http://" + host,
                        "databricks.telemetry.hosts.prod.token=expired",
                        "databricks.telemetry.export.allow-http=true",
                        "databricks.telemetry.export.allow-private-hosts=true")
                .run(context -> {
                    context.getBean("prodTelemetryClient", TelemetryClient.class)
                            .flush();
                    Boot3HealthIndicator health = context.getBean(Boot3HealthIndicator.class);

                    await().atMost(Duration.ofSeconds(30))
                            .untilAsserted(() -> assertThat(health.health().getDetails())
                                    .extractingByKey(host, InstanceOfAssertFactories.MAP)
                                    .containsEntry("featureFlag", "INITIALIZING")
                                    .containsEntry("featureFlagError", "HTTP 401"));
                });
    }
}
