package io.github.databrickstelemetry.benchmarks.jdbc;

import com.p6spy.engine.logging.Category;
import com.p6spy.engine.spy.P6DataSource;
import com.p6spy.engine.spy.appender.FormattedLogger;
import io.github.databrickstelemetry.benchmarks.engine.OpenTelemetry;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.opentelemetry.instrumentation.jdbc.datasource.JdbcTelemetry;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import net.ttddyy.dsproxy.ExecutionInfo;
import net.ttddyy.dsproxy.QueryInfo;
import net.ttddyy.dsproxy.listener.QueryExecutionListener;
import net.ttddyy.dsproxy.support.ProxyDataSourceBuilder;
import net.ttddyy.observation.tracing.DataSourceObservationListener;
import net.ttddyy.observation.tracing.JdbcObservationDocumentation;
import net.ttddyy.observation.tracing.QueryTracingObservationHandler;
import org.jspecify.annotations.Nullable;

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

        private final @Nullable OpenTelemetry openTelemetry;

        static DatasourceMicrometer metrics() {
            return new DatasourceMicrometer(null);
        }

        /** With a span for each query as well, through Micrometer's tracer. */
        static DatasourceMicrometer traced() {
            return new DatasourceMicrometer(new OpenTelemetry());
        }

        private DatasourceMicrometer(@Nullable OpenTelemetry openTelemetry) {
            this.openTelemetry = openTelemetry;
        }

        @Override
        public DataSource wrap(DataSource dataSource) {
            ObservationRegistry registry = ObservationRegistry.create();
            registry.observationConfig()
                    .observationHandler(new DefaultMeterObservationHandler(new SimpleMeterRegistry()));
            if (openTelemetry != null) {
                registry.observationConfig()
                        .observationHandler(new QueryTracingObservationHandler(openTelemetry.tracer()));
            }
            DataSourceObservationListener listener = new DataSourceObservationListener(registry);
            listener.setSupportedTypes(Set.of(JdbcObservationDocumentation.QUERY));
            return ProxyDataSourceBuilder.create(dataSource)
                    .name("benchmark")
                    .listener(listener)
                    .methodListener(listener)
                    .build();
        }

        @Override
        public AutoCloseable request() {
            return openTelemetry == null ? Instrumentation.super.request() : openTelemetry.request();
        }

        @Override
        public String losses() {
            return openTelemetry == null ? "0/0" : "?/" + openTelemetry.exported();
        }

        @Override
        public void close() {
            if (openTelemetry != null) {
                openTelemetry.close();
            }
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

    /** A span for each statement: of a trace of its own, or of a request's trace. */
    static final class OpenTelemetryJdbc implements Instrumentation {

        private final OpenTelemetry openTelemetry = new OpenTelemetry();
        private final boolean inRequest;

        OpenTelemetryJdbc(boolean inRequest) {
            this.inRequest = inRequest;
        }

        @Override
        public DataSource wrap(DataSource dataSource) {
            return JdbcTelemetry.create(openTelemetry.sdk()).wrap(dataSource);
        }

        @Override
        public AutoCloseable request() {
            return inRequest ? openTelemetry.request() : Instrumentation.super.request();
        }

        @Override
        public String losses() {
            return "?/" + openTelemetry.exported();
        }

        @Override
        public void close() {
            openTelemetry.close();
        }
    }
}
