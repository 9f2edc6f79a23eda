package io.github.databrickstelemetry.autoconfigure;

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
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
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

    @Bean
    @ConditionalOnMissingBean
    static TraceContexts databricksTelemetryTraceContexts() {
        return TraceContexts.NONE;
    }

    @Bean
    static LocalContext databricksTelemetryLocalContext(
            TraceContexts traces, ConnectionFailures connectionFailures, TelemetrySettings settings) {
        return new LocalContext(
                traces::get, settings.insight().queryText(), settings.insight().mdc(), connectionFailures::add);
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
    static RecentStatements databricksTelemetryRecentStatements(TraceContexts traces, TelemetrySettings settings) {
        return new RecentStatements(settings.insight().recentStatements(), traces);
    }

    @Bean
    static StatementLog databricksTelemetryStatementLog(TraceContexts traces, TelemetrySettings settings, Guard guard) {
        return new StatementLog(settings.insight().log(), settings.insight().slowThreshold(), traces, guard);
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "io.micrometer.tracing.Tracer")
    @ConditionalOnSingleCandidate(type = "io.micrometer.tracing.Tracer")
    static class TracingConfiguration {

        @Bean
        @ConditionalOnMissingBean(TraceContexts.class)
        static MicrometerTraceContexts databricksTelemetryTraceContexts(ObjectProvider<Tracer> tracer, Guard guard) {
            return new MicrometerTraceContexts(tracer::getObject, guard);
        }

        @Bean
        @ConditionalOnBooleanProperty(name = "databricks.telemetry.insight.traces", matchIfMissing = true)
        static StatementSpans databricksTelemetryStatementSpans(Tracer tracer, TelemetrySettings settings) {
            return new StatementSpans(tracer, settings.insight().rootSpans());
        }
    }
}
