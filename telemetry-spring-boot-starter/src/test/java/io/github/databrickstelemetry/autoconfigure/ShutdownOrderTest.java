package io.github.databrickstelemetry.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.AnyTarget;
import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.OperationType;
import io.github.databrickstelemetry.export.ExportResult;
import io.github.databrickstelemetry.export.TelemetryExporter;
import io.github.databrickstelemetry.export.internal.TelemetryExporterFactory;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
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

    /** Makes nothing before it is used. */
    private final ApplicationContextRunner lazy = application.withInitializer(
            context -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()));

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
    void alsoIfThatIsTheFirstThingThatItReports() {
        application.withBean(LastWords.class).run(context -> assertThat(context).hasNotFailed());

        assertThat(service.operations()).containsExactly(OperationType.CREATE_SESSION);
    }

    @Test
    void alsoInALazyApplication(CapturedOutput output) {
        lazy.withBean(LastWords.class).run(context -> context.getBean(LastWords.class));

        assertThat(service.operations()).containsExactly(OperationType.CREATE_SESSION);
        assertThat(output).doesNotContain("WARN").doesNotContain("Exception");
    }

    @Test
    void aClientThatWasNeverUsedEndsInSilence(CapturedOutput output) {
        lazy.run(context -> context.getBean(TelemetryClient.class));

        assertThat(output).doesNotContain("WARN").doesNotContain("Exception");
    }

    @Test
    void aClientThatIsUsedAfterTheEndIsInert() {
        List<TelemetryClient> held = new ArrayList<>();
        application.run(context -> held.add(context.getBean(TelemetryClient.class)));

        assertThat(held).singleElement().matches(client -> !client.emitter().isEnabled());
    }

    /** Takes nothing once it is closed. */
    static final class OwnExporter implements TelemetryExporter {
        private final List<TelemetryMetric> metrics;
        private boolean closed;

        OwnExporter(List<TelemetryMetric> metrics) {
            this.metrics = metrics;
        }

        @Override
        public synchronized ExportResult export(List<TelemetryMetric> batch) {
            if (!closed) {
                metrics.addAll(batch);
            }
            return ExportResult.deliveredAll(batch.size());
        }

        @Override
        public synchronized void close() {
            closed = true;
        }
    }

    /** Has the engine made before what comes after it, which is destroyed before it therefore. */
    static final class EngineFirst {
        EngineFirst(TelemetryClientProvider provider) {
            assertThat(provider.clients()).isEmpty();
        }
    }

    @Test
    void theApplicationsExportersHaveTheLastFlushAsWell() {
        List<TelemetryMetric> metrics = new ArrayList<>();
        application
                .withBean(EngineFirst.class)
                .withBean(TelemetryExporter.class, () -> new OwnExporter(metrics))
                .run(context -> context.getBean(TelemetryClient.class)
                        .emitter()
                        .connectionOpen("s", ConnectionDetails.UNKNOWN, 1));

        assertThat(metrics).hasSize(1).containsExactlyElementsOf(service.metrics());
    }

    /** An exporter that counts on the engine. */
    static final class NeedsTheEngine implements TelemetryExporter {
        private static final TelemetryTarget TARGET = AnyTarget.at("other.example.com");

        private final TelemetryClientProvider provider;
        private final Consumer<String> end;

        NeedsTheEngine(TelemetryClientProvider provider, Consumer<String> end) {
            this.provider = provider;
            this.end = end;
        }

        @Override
        public ExportResult export(List<TelemetryMetric> batch) {
            return ExportResult.deliveredAll(batch.size());
        }

        @Override
        public void close() {
            // An engine that has closed takes no events any more.
            boolean closed = !provider.acquire(TARGET).emitter().isEnabled();
            end.accept(closed ? "after the engine" : "before the engine");
        }
    }

    @Test
    void whoNeedsTheEngineIsStillDestroyedBeforeIt() {
        List<String> ends = new ArrayList<>();
        application
                .withBean(NeedsTheEngine.class, (Consumer<String>) ends::add)
                .run(context -> context.getBean(TelemetryClient.class)
                        .emitter()
                        .connectionOpen("s", ConnectionDetails.UNKNOWN, 1));

        assertThat(ends).containsExactly("before the engine");
    }
}
