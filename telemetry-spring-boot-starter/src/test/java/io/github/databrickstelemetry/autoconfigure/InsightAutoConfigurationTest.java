package io.github.databrickstelemetry.autoconfigure;

import static io.github.databrickstelemetry.insight.Statements.HOST;
import static io.github.databrickstelemetry.insight.Statements.statement;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.actuate.TelemetryEndpoint;
import io.github.databrickstelemetry.actuate.TelemetryPageEndpoint;
import io.github.databrickstelemetry.client.TelemetryListener;
import io.github.databrickstelemetry.insight.RecentStatements;
import io.github.databrickstelemetry.insight.StatementLog;
import io.github.databrickstelemetry.insight.StatementSpans;
import io.github.databrickstelemetry.insight.StatementTotals;
import io.github.databrickstelemetry.insight.Statements;
import io.github.databrickstelemetry.insight.TraceContexts;
import io.github.databrickstelemetry.metrics.TelemetryMeterBinder;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.tracing.CurrentTraceContext;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class InsightAutoConfigurationTest {

    private final ApplicationContextRunner enabled = Contexts.enabled();
    private final ApplicationContextRunner traced = enabled.withBean("tracer", Tracer.class, () -> Tracer.NOOP);

    @Test
    void makesSpansWhereThereIsATracer() {
        enabled.run(context -> assertThat(context).doesNotHaveBean(StatementSpans.class));
        traced.run(context -> assertThat(context).hasSingleBean(StatementSpans.class));
    }

    @Test
    void makesNoSpansWhereItIsNotClearWhichTracerIsMeant() {
        traced.withBean("other", Tracer.class, InsightAutoConfigurationTest::throwingTracer)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(StatementSpans.class));
    }

    @Test
    void usesTheApplicationsOwnTraceContexts() {
        traced.withBean("own", TraceContexts.class, () -> () -> "of the application")
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(TraceContexts.class));
    }

    /** Spring Cloud Function looks for the one bean of these types. */
    @Test
    void addsNoBeanThatLooksLikeAFunctionOfTheApplication() {
        traced.withBean(SimpleMeterRegistry.class)
                .run(context -> assertThat(List.of(Supplier.class, Function.class, Consumer.class))
                        .allSatisfy(type ->
                                assertThat(context.getBeanNamesForType(type)).isEmpty()));
    }

    @Test
    void spansCanBeSwitchedOff() {
        traced.withPropertyValues("databricks.telemetry.insight.traces=false")
                .run(context -> assertThat(context).doesNotHaveBean(StatementSpans.class));
    }

    @Test
    void metersCanBeSwitchedOff() {
        enabled.withBean(SimpleMeterRegistry.class)
                .run(context -> assertThat(context).hasSingleBean(TelemetryMeterBinder.class));
        enabled.withBean(SimpleMeterRegistry.class)
                .withPropertyValues("databricks.telemetry.insight.metrics=false")
                .run(context -> assertThat(context).doesNotHaveBean(TelemetryMeterBinder.class));
    }

    @Test
    void startsWithoutATracingLibrary() {
        enabled.withClassLoader(new FilteredClassLoader("io.micrometer.tracing"))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context).hasSingleBean(RecentStatements.class).hasSingleBean(StatementTotals.class);
                });
    }

    @Test
    void everyListenerIsAddedToTheEngine() {
        traced.withBean(SimpleMeterRegistry.class)
                .run(context -> assertThat(context.getBeansOfType(TelemetryListener.class))
                        .extractingFromEntries(
                                entry -> (Object) entry.getValue().getClass())
                        .containsExactlyInAnyOrder(
                                StatementTotals.class,
                                RecentStatements.class,
                                StatementLog.class,
                                StatementSpans.class,
                                TelemetryMeterBinder.class));
    }

    @Test
    void keepsAsManyRecentStatementsAsThePropertySays() {
        enabled.withPropertyValues("databricks.telemetry.insight.recent-statements=1")
                .run(context -> {
                    RecentStatements recent = context.getBean(RecentStatements.class);
                    for (int i = 0; i < 3; i++) {
                        Statements failed = statement().failing();
                        recent.onStatement(HOST, failed.metric(), failed.local());
                    }
                    assertThat(recent.slowest()).hasSize(1);
                    assertThat(recent.failed()).hasSize(1);
                });
    }

    @Test
    void aNegativeThresholdFailsTheStartWithThePropertysName() {
        enabled.withPropertyValues("databricks.telemetry.insight.slow-threshold=-1s")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining("databricks.telemetry.insight.slow-threshold is PT-1S"));
    }

    @Test
    void servesBothEndpoints() {
        enabled.withPropertyValues("management.endpoints.web.exposure.include=*")
                .run(context -> assertThat(context)
                        .hasSingleBean(TelemetryEndpoint.class)
                        .hasSingleBean(TelemetryPageEndpoint.class));
        enabled.withPropertyValues("management.endpoints.web.exposure.include=databrickstelemetry")
                .run(context -> assertThat(context).doesNotHaveBean(TelemetryPageEndpoint.class));
    }

    @Test
    void aTracerThatThrowsFailsNeitherTheStartNorAStatement() {
        enabled.withBean("tracer", Tracer.class, InsightAutoConfigurationTest::throwingTracer)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBean(TraceContexts.class).get()).isNull();
                    assertThat(context.getBean(Guard.class).count()).isPositive();
                });
    }

    @Test
    void findsTheTracerOfALazyApplication() {
        enabled.withInitializer(context ->
                        context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                .withBean("tracer", Tracer.class, InsightAutoConfigurationTest::throwingTracer)
                .run(context -> {
                    assertThat(context.getBean(Guard.class).count()).isZero();
                    context.getBean(TraceContexts.class).get();
                    assertThat(context.getBean(Guard.class).count()).isEqualTo(1);
                });
    }

    @Test
    void aRegistryThatThrowsFailsNotTheStart() {
        SimpleMeterRegistry broken = new SimpleMeterRegistry();
        broken.config().meterFilter(new MeterFilter() {
            @Override
            public MeterFilterReply accept(Meter.Id id) {
                throw new IllegalStateException("broken filter");
            }
        });
        enabled.withBean(SimpleMeterRegistry.class, () -> broken).run(context -> {
            context.getBean(TelemetryMeterBinder.class).bindTo(broken);
            assertThat(context.getBean(Guard.class).count()).isPositive();
        });
    }

    /** Every method throws but those of Object. */
    static Tracer throwingTracer() {
        return (Tracer) Proxy.newProxyInstance(
                InsightAutoConfigurationTest.class.getClassLoader(),
                new Class<?>[] {Tracer.class, CurrentTraceContext.class, Span.Builder.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "hashCode" -> 1;
                    case "equals" -> arguments != null && proxy == arguments[0];
                    case "toString" -> "a broken tracer";
                    default -> throw new IllegalStateException("broken tracer");
                });
    }
}
