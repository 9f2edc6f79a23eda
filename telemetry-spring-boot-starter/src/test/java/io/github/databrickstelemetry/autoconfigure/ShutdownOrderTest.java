package io.github.databrickstelemetry.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.export.TelemetryExporterFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What an application's own beans report while it ends, and who still hears of it. */
@ExtendWith(OutputCaptureExtension.class)
class ShutdownOrderTest {

    private final RecordingExporter service = new RecordingExporter();

    private final ApplicationContextRunner application = Contexts.enabled()
            .withBean(TelemetryExporterFactory.class, () -> service::create)
            .withPropertyValues(
                    "databricks.telemetry.feature-flag.enabled=false",
                    "databricks.telemetry.flush-interval=1h",
                    "databricks.telemetry.hosts.prod.host=prod.example.com");

    /** Reports its own end. Made before the engine, so that it would be destroyed after it. */
    static final class LastWords implements DisposableBean {
        private final TelemetryClient client;

        LastWords(TelemetryClient client) {
            this.client = client;
        }

        @Override
        public void destroy() {
            client.emitter().connectionOpen("last words", ConnectionDetails.UNKNOWN, 1);
        }
    }

    @Test
    void whatABeanReportsWhileItIsDestroyedIsDelivered() {
        application
                .withBean(LastWords.class)
                .run(context -> context.getBean(TelemetryClient.class)
                        .emitter()
                        .connectionOpen("first words", ConnectionDetails.UNKNOWN, 1));

        assertThat(service.operations()).containsExactly(OperationType.CREATE_SESSION, OperationType.CREATE_SESSION);
    }

    @Test
    void aClientThatIsFirstUsedAtTheEndIsInertAndDisturbsNobody(CapturedOutput output) {
        application.withBean(LastWords.class).run(context -> assertThat(context).hasNotFailed());

        assertThat(output).doesNotContain("WARN").doesNotContain("Exception");
    }

    @Test
    void aClientThatWasNeverUsedEndsInSilence(CapturedOutput output) {
        application.run(
                context -> assertThat(context.getBean(TelemetryClient.class)).isNotNull());

        assertThat(output).doesNotContain("WARN").doesNotContain("Exception");
    }

    @Test
    void aClientThatSomebodyStillHoldsAfterTheEndIsInert() {
        List<TelemetryClient> held = new ArrayList<>();
        application.run(context -> held.add(context.getBean(TelemetryClient.class)));

        assertThat(held).singleElement().matches(client -> !client.emitter().isEnabled());
    }
}
