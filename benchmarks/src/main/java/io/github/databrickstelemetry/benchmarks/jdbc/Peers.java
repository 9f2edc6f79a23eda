package io.github.databrickstelemetry.benchmarks.jdbc;

import com.p6spy.engine.logging.Category;
import com.p6spy.engine.spy.P6DataSource;
import com.p6spy.engine.spy.appender.FormattedLogger;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.opentelemetry.instrumentation.jdbc.datasource.JdbcTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import net.ttddyy.dsproxy.ExecutionInfo;
import net.ttddyy.dsproxy.QueryInfo;
import net.ttddyy.dsproxy.listener.QueryExecutionListener;
import net.ttddyy.dsproxy.support.ProxyDataSourceBuilder;
import net.ttddyy.observation.tracing.DataSourceObservationListener;
import net.ttddyy.observation.tracing.JdbcObservationDocumentation;

/** The peers, each as its documentation says, in its least costly useful form. */
final class Peers {

    private Peers() {}

    /** An empty listener: any real one costs more. */
    static final class DatasourceProxy implements Instrumentation {
        @Override
        public DataSource wrap(DataSource dataSource) {
            return ProxyDataSourceBuilder.create(dataSource)
                    .name("benchmark")
                    .listener(new QueryExecutionListener() {
                        @Override
                        public void beforeQuery(ExecutionInfo execution, List<QueryInfo> queries) {}

                        @Override
                        public void afterQuery(ExecutionInfo execution, List<QueryInfo> queries) {}
                    })
                    .build();
        }
    }

    /** Queries only ({@code jdbc.includes=query}), into meters; connections and fetches would cost more. */
    static final class DatasourceMicrometer implements Instrumentation {
        @Override
        public DataSource wrap(DataSource dataSource) {
            ObservationRegistry registry = ObservationRegistry.create();
            registry.observationConfig()
                    .observationHandler(new DefaultMeterObservationHandler(new SimpleMeterRegistry()));
            DataSourceObservationListener listener = new DataSourceObservationListener(registry);
            listener.setSupportedTypes(Set.of(JdbcObservationDocumentation.QUERY));
            return ProxyDataSourceBuilder.create(dataSource)
                    .name("benchmark")
                    .listener(listener)
                    .methodListener(listener)
                    .build();
        }
    }

    /** Its default modules and its default message, which goes nowhere. */
    static final class P6Spy implements Instrumentation {

        P6Spy() {
            System.setProperty("p6spy.config.appender", DroppingAppender.class.getName());
        }

        @Override
        public DataSource wrap(DataSource dataSource) {
            return new P6DataSource(dataSource);
        }
    }

    /** Takes the formatted message, as a file or a logger would. */
    public static final class DroppingAppender extends FormattedLogger {

        private volatile String last = "";

        @Override
        public void logText(String text) {
            last = text;
        }

        @Override
        public void logException(Exception failure) {
            last = failure.toString();
        }

        @Override
        public boolean isCategoryEnabled(Category category) {
            return true;
        }

        @Override
        public String toString() {
            return last;
        }
    }

    /** The SDK's defaults, a batch span processor, and an exporter that only counts. */
    static final class OpenTelemetryJdbc implements Instrumentation {

        private final AtomicLong exported = new AtomicLong();
        private final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(BatchSpanProcessor.builder(new CountingExporter(exported))
                                .build())
                        .build())
                .build();

        @Override
        public DataSource wrap(DataSource dataSource) {
            return JdbcTelemetry.create(sdk).wrap(dataSource);
        }

        @Override
        public String losses() {
            return "?/" + exported.get();
        }

        @Override
        public void close() {
            sdk.close();
        }
    }

    record CountingExporter(AtomicLong exported) implements SpanExporter {
        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            exported.addAndGet(spans.size());
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }
}
