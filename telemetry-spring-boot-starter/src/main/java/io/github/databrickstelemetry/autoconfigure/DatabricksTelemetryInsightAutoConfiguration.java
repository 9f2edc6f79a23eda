package io.github.databrickstelemetry.autoconfigure;

import io.github.databrickstelemetry.insight.ApplicationTraceContexts;
import io.github.databrickstelemetry.insight.ConnectionFailures;
import io.github.databrickstelemetry.insight.MicrometerTraceContexts;
import io.github.databrickstelemetry.insight.RecentStatements;
import io.github.databrickstelemetry.insight.StatementLog;
import io.github.databrickstelemetry.insight.StatementSpans;
import io.github.databrickstelemetry.insight.StatementTotals;
import io.github.databrickstelemetry.insight.TraceContexts;
import io.github.databrickstelemetry.jdbc.LocalContext;
import io.github.databrickstelemetry.properties.TelemetrySettings;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.micrometer.tracing.Tracer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Traces, the statement log, recent statements and totals for the application's own tools. The beans that are listeners
 * are added to the engine with those of the application.
 */
@AutoConfiguration(
        after = DatabricksTelemetryAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.actuate.autoconfigure.tracing.BraveAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.tracing.OpenTelemetryTracingAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.tracing.NoopTracerAutoConfiguration",
            "org.springframework.boot.micrometer.tracing.brave.autoconfigure.BraveAutoConfiguration",
            "org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration",
            "org.springframework.boot.micrometer.tracing.autoconfigure.NoopTracerAutoConfiguration"
        })
@ConditionalOnBean(TelemetrySettings.class)
public class DatabricksTelemetryInsightAutoConfiguration {

    /** Reads no context until the tracer is there. */
    @Bean
    static ApplicationTraceContexts databricksTelemetryTraceContexts() {
        return new ApplicationTraceContexts();
    }

    @Bean
    static LocalContext databricksTelemetryLocalContext(
            ApplicationTraceContexts traces, ConnectionFailures connectionFailures, TelemetrySettings settings) {
        return new InsightContext(
                traces,
                connectionFailures,
                settings.insight().queryText(),
                settings.insight().mdc());
    }

    @Bean
    static ConnectionFailures databricksTelemetryConnectionFailures() {
        return new ConnectionFailures();
    }

    @Bean
    static StatementTotals databricksTelemetryStatementTotals() {
        return new StatementTotals();
    }

    @Bean
    static RecentStatements databricksTelemetryRecentStatements(
            ApplicationTraceContexts traces, TelemetrySettings settings) {
        return new RecentStatements(settings.insight().recentStatements(), traces);
    }

    @Bean
    static StatementLog databricksTelemetryStatementLog(
            ApplicationTraceContexts traces, TelemetrySettings settings, Guard guard) {
        return new StatementLog(settings.insight().log(), settings.insight().slowThreshold(), traces, guard);
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "io.micrometer.tracing.Tracer")
    @ConditionalOnBean(type = "io.micrometer.tracing.Tracer")
    static class TracingConfiguration {

        /** The tracer is needed with the first statement, which may be executed while beans are still created. */
        @Bean
        static SmartInitializingSingleton databricksTelemetryTracing(
                ApplicationTraceContexts traces, Tracer tracer, Guard guard) {
            return () -> traces.use(new MicrometerTraceContexts(tracer, guard));
        }

        @Bean
        @ConditionalOnBooleanProperty(name = "databricks.telemetry.insight.traces", matchIfMissing = true)
        static StatementSpans databricksTelemetryStatementSpans(Tracer tracer, TelemetrySettings settings) {
            return new StatementSpans(tracer, settings.insight().rootSpans());
        }
    }

    /** What the instrumentation captures of each statement. */
    private record InsightContext(
            TraceContexts traces, ConnectionFailures connectionFailures, boolean queryText, boolean mdc)
            implements LocalContext {

        @Override
        public @Nullable Object captureTraceContext() {
            return traces.get();
        }

        @Override
        public void connectionFailed(Throwable failure) {
            connectionFailures.add(failure);
        }
    }
}
