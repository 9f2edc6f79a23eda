package io.github.databrickstelemetry.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.databrickstelemetry.AnyEngine;
import io.github.databrickstelemetry.AnyTarget;
import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.client.TelemetryListener;
import io.github.databrickstelemetry.engine.internal.TelemetryEngine;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.export.internal.TelemetryExporterFactory;
import io.github.databrickstelemetry.properties.Settings;
import io.github.databrickstelemetry.workspace.CredentialSource;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class EngineBeanTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private static final TelemetryTarget TARGET =
            AnyTarget.at("workspace.example.com", CredentialSource.NONE, Settings.client("feature-flag.enabled=false"));

    private final RecordingExporter service = new RecordingExporter();
    private final Heard heard = new Heard();
    private final ApplicationContextRunner application =
            Contexts.enabled().withBean(TelemetryExporterFactory.class, () -> service::create);

    private static final class Heard implements TelemetryListener {
        private final List<String> opened = new CopyOnWriteArrayList<>();
        private final List<TelemetryMetric> metrics = new CopyOnWriteArrayList<>();

        @Override
        public void onOpen(TelemetryClient client) {
            opened.add(client.host());
        }

        @Override
        public void onMetric(String host, TelemetryMetric metric) {
            metrics.add(metric);
        }
    }

    private static void report(TelemetryClient client) {
        client.emitter().connectionOpen("session", ConnectionDetails.UNKNOWN, 1);
    }

    @Test
    void isNotMadeBeforeItsFirstClient() {
        application.run(context -> {
            TelemetryClientProvider provider = context.getBean(TelemetryClientProvider.class);
            try (TelemetryEngine other = AnyEngine.with(service::create)) {
                provider.release(other.acquire(TARGET));
            }

            assertThat(provider.clients()).isEmpty();
            assertThat(service.targets()).isEmpty();
        });
    }

    @Test
    void whoListensEarlyHearsOfTheFirstClientAndItsMetrics() {
        application.run(context -> {
            TelemetryClientProvider provider = context.getBean(TelemetryClientProvider.class);
            provider.addListener(heard);
            report(provider.acquire(TARGET));
            assertThat(provider.clients()).hasSize(1);
        });

        assertThat(heard.opened).containsExactly("workspace.example.com:443");
        assertThat(service.operations()).hasSize(1);
        assertThat(heard.metrics).hasSize(1);
    }

    @Test
    void whoListensLaterHearsWhatComes() {
        application.run(context -> {
            TelemetryClientProvider provider = context.getBean(TelemetryClientProvider.class);
            TelemetryClient client = provider.acquire(TARGET);
            provider.addListener(heard);
            report(client);
        });

        assertThat(heard.metrics).hasSize(1);
    }

    @Test
    void aReleasedClientIsForgotten() {
        application.run(context -> {
            TelemetryClientProvider provider = context.getBean(TelemetryClientProvider.class);
            provider.release(provider.acquire(TARGET));

            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(provider.clients()).isEmpty());
        });
    }

    @Test
    void aClientOfAfterTheEndTakesNothing() {
        application.run(context -> {
            TelemetryClientProvider provider = context.getBean(TelemetryClientProvider.class);
            provider.close();
            TelemetryClient late = provider.acquire(TARGET);
            report(late);

            assertThat(late.emitter().isEnabled()).isFalse();
            assertThat(provider.clients()).isEmpty();
        });

        assertThat(service.operations()).isEmpty();
    }
}
