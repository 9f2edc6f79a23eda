package io.github.databrickstelemetry.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.export.internal.TelemetryExporterFactory;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** A context that is stopped and started again, as for a checkpoint. */
class StoppedContextTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final Set<Thread> before = Thread.getAllStackTraces().keySet();
    private final RecordingExporter service = new RecordingExporter();
    private final ApplicationContextRunner application = with(service::create);

    private static ApplicationContextRunner with(TelemetryExporterFactory exporters) {
        return Contexts.enabled()
                .withBean(TelemetryExporterFactory.class, () -> exporters)
                .withPropertyValues(
                        "databricks.telemetry.feature-flag.enabled=false",
                        "databricks.telemetry.flush-interval=1h",
                        "databricks.telemetry.close-timeout=500ms",
                        "databricks.telemetry.hosts.prod.host=prod.example.com");
    }

    private static void report(TelemetryClient client) {
        client.emitter().connectionOpen("session", ConnectionDetails.UNKNOWN, 1);
    }

    /** Threads of this test: contexts that other tests have cached have some of their own. */
    private List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .filter(name -> name.startsWith("databricks-telemetry-"))
                .toList();
    }

    @Test
    void sendsWhatIsPendingAndHasNoThreadUntilItStartsAgain() {
        application.run(context -> {
            TelemetryClient client = context.getBean("prodTelemetryClient", TelemetryClient.class);
            report(client);
            context.getSourceApplicationContext().stop();

            assertThat(service.operations()).hasSize(1);
            await().atMost(LONG).untilAsserted(() -> assertThat(threads()).isEmpty());

            report(client);
            context.getSourceApplicationContext().start();
            client.flush();
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(service.operations()).hasSize(2));
        });
    }

    @Test
    void endsARequestThatHangs() {
        CountDownLatch closed = new CountDownLatch(1);
        with((target, breaker) -> new HangingExporter(closed)).run(context -> {
            TelemetryClient client = context.getBean("prodTelemetryClient", TelemetryClient.class);
            report(client);
            context.getSourceApplicationContext().stop();

            assertThat(closed.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            await().atMost(LONG).untilAsserted(() -> assertThat(threads()).isEmpty());
        });
    }

    @Test
    void reportsWhatWasEmittedWhileItWasStoppedWhenItCloses() {
        application.run(context -> {
            TelemetryClient client = context.getBean("prodTelemetryClient", TelemetryClient.class);
            report(client);
            context.getSourceApplicationContext().stop();
            report(client);
        });

        assertThat(service.operations()).hasSize(2);
    }

    @Test
    void startsNoThreadWhereThereWasNone() {
        application.run(context -> {
            context.getSourceApplicationContext().stop();
            context.getSourceApplicationContext().start();

            assertThat(threads()).isEmpty();
            assertThat(context.getBean(TelemetryClientProvider.class).clients()).isEmpty();
        });
    }
}
