package io.github.databrickstelemetry.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.github.databrickstelemetry.actuate.Boot3HealthIndicator;
import io.github.databrickstelemetry.actuate.TelemetryEndpoint;
import io.github.databrickstelemetry.actuate.TelemetryEndpoint.Action;
import io.github.databrickstelemetry.insight.StatementLog;
import io.github.databrickstelemetry.standin.Answer;
import io.github.databrickstelemetry.standin.ServerStatement;
import io.github.databrickstelemetry.standin.ServiceMode;
import io.github.databrickstelemetry.standin.Table;
import io.github.databrickstelemetry.standin.WorkspaceStandIn;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.MetricsAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.observation.ObservationAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.opentelemetry.OpenTelemetryAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.tracing.MicrometerTracingAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.tracing.OpenTelemetryTracingAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

/**
 * One request with two statements, a slow one with CloudFetch and a failing one: trace, meters, log and endpoint show both
 * with the server's ids, whatever becomes of the export.
 */
class InsightEndToEndTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String SLOW = "SELECT n FROM slow_table";
    private static final String BAD = "SELECT n FROM missing_table WHERE owner = 'secret'";

    private final WorkspaceStandIn workspace = WorkspaceStandIn.start()
            .answer(SLOW, new Answer.Polled(3, Answer.cloudFetch(Table.numbers(50), 10)))
            .answer(BAD, new Answer.Failed("42P01", "TABLE_OR_VIEW_NOT_FOUND", "missing_table cannot be found"));
    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final Logger logger = ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(StatementLog.LOGGER);
    private final List<Map<String, Object>> lines = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent line) {
            Map<String, Object> values = new LinkedHashMap<>();
            line.getKeyValuePairs().forEach(pair -> values.put(pair.key, pair.value));
            lines.add(values);
        }
    };

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(Contexts.OURS)
            .withConfiguration(AutoConfigurations.of(
                    DataSourceAutoConfiguration.class,
                    ObservationAutoConfiguration.class,
                    MetricsAutoConfiguration.class,
                    CompositeMeterRegistryAutoConfiguration.class,
                    PrometheusMetricsExportAutoConfiguration.class,
                    OpenTelemetryAutoConfiguration.class,
                    OpenTelemetryTracingAutoConfiguration.class,
                    MicrometerTracingAutoConfiguration.class))
            .withBean(InMemorySpanExporter.class, () -> spans)
            .withPropertyValues(
                    "spring.datasource.url=" + workspace.jdbcUrl(),
                    "spring.datasource.driver-class-name=com.databricks.client.jdbc.Driver",
                    "spring.datasource.hikari.maximum-pool-size=1",
                    "management.tracing.sampling.probability=1",
                    "management.endpoints.web.exposure.include=*",
                    "databricks.telemetry.enabled=true",
                    "databricks.telemetry.export.allow-private-hosts=true",
                    "databricks.telemetry.export.allow-http=true",
                    "databricks.telemetry.insight.log=all");

    @BeforeEach
    void listen() {
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        appender.setContext(logger.getLoggerContext());
        appender.start();
        logger.addAppender(appender);
    }

    @AfterEach
    void close() {
        logger.detachAppender(appender);
        logger.setAdditive(true);
        logger.setLevel(null);
        workspace.close();
    }

    @Test
    void showsBothStatementsEverywhere() {
        application.run(this::showsBothStatements);
    }

    @Test
    void showsThemWithTheFlagOff() {
        workspace.featureFlag().setEnabled(false);
        application.run(this::showsBothStatements);
    }

    @Test
    void showsThemWhileTheFlagCannotBeRead() {
        workspace.featureFlag().setMode(ServiceMode.ERROR);
        application.run(this::showsBothStatements);
    }

    @Test
    void showsThemWhileTheExportIsRefused() {
        workspace.telemetry().setMode(ServiceMode.FORBIDDEN);
        application.run(this::showsBothStatements);
    }

    @Test
    void showsThemWhereTheHostMayNotBeContacted() {
        application
                .withPropertyValues("databricks.telemetry.export.allow-http=false")
                .run(this::showsBothStatements);
    }

    @Test
    void showsThemWithoutAnyExport() {
        application
                .withPropertyValues("databricks.telemetry.export.enabled=false")
                .run(context -> {
                    showsBothStatements(context);
                    assertThat(workspace.telemetry().requests()).isZero();
                    assertThat(workspace.featureFlag().requests()).isZero();
                });
    }

    @Test
    void metersFollowTheApplicationsPropertiesAndFilters() {
        application
                .withPropertyValues("management.metrics.distribution.slo[db.client.operation.duration]=2s,4s")
                .withBean(
                        MeterFilter.class,
                        () -> MeterFilter.renameTag("db.client", "databricks.data_source", "db.client.pool"))
                .run(context -> {
                    handle(context.getBean(DataSource.class));

                    await().atMost(LONG)
                            .untilAsserted(() -> assertThat(context.getBean(PrometheusMeterRegistry.class)
                                            .scrape())
                                    .containsPattern("(?m)^db_client_operation_duration_seconds_bucket\\{.*"
                                            + "db_client_pool=\"dataSource\".*le=\"4\\.0\"} 1$")
                                    .doesNotContainPattern("(?m)^db_client_operation_duration.*le=\"300\\.0\""));
                });
    }

    /** Each tool works without the others; a statement works without all of them. */
    @Test
    void aTracerAndARegistryThatThrowFailNeitherAStatementNorTheOtherTools() {
        application
                .withBean(
                        "broken",
                        Tracer.class,
                        InsightAutoConfigurationTest::throwingTracer,
                        definition -> definition.setPrimary(true))
                .withBean(
                        MeterFilter.class,
                        () -> MeterFilter.deny(id -> {
                            if (id.getName().startsWith("db.client")) {
                                throw new IllegalStateException("broken filter");
                            }
                            return false;
                        }))
                .run(context -> {
                    handle(context.getBean(DataSource.class));

                    await().atMost(LONG).until(() -> lines.size() == 2);
                    assertThat(line(serverId(SLOW))).containsEntry("databricks.outcome", "success");
                    assertThat(String.valueOf(
                                    context.getBean(TelemetryEndpoint.class).one("statements")))
                            .contains(serverId(SLOW), serverId(BAD));
                    assertThat(context.getBean(PrometheusMeterRegistry.class).scrape())
                            .contains("databricks_sql_statements_total")
                            .containsPattern("(?m)^databricks_telemetry_swallowed_total [1-9]");
                });
    }

    /** As Flyway and JPA do, before any listener exists. */
    @Test
    void showsAStatementThatRunsDuringTheStart() {
        application.withUserConfiguration(StatementAtStart.class).run(context -> {
            String id = serverId(SLOW);
            await().atMost(LONG).until(() -> lines.size() == 1);
            assertThat(line(id)).containsEntry("databricks.outcome", "success");
            assertThat(context.getBean(PrometheusMeterRegistry.class).scrape())
                    .containsPattern("(?m)^db_client_operation_duration_seconds_count\\{.*} 1$");
            assertThat(String.valueOf(context.getBean(TelemetryEndpoint.class).one("statements")))
                    .contains(id);
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class StatementAtStart {

        @Bean
        static InitializingBean migration(DataSource dataSource) {
            return () -> {
                try (Connection connection = dataSource.getConnection();
                        Statement statement = connection.createStatement()) {
                    statement.executeQuery(SLOW).close();
                }
            };
        }
    }

    /** Nothing may be sent to a host before the first connection; the application's own meters need not wait for it. */
    @Test
    void countsAFailedConnectionAtOnce() {
        application
                .withPropertyValues(
                        "spring.datasource.url=" + workspace.jdbcUrl().replace("PWD=" + workspace.token(), "PWD=wrong"))
                .run(context -> {
                    DataSource dataSource = context.getBean(DataSource.class);
                    assertThatThrownBy(dataSource::getConnection).isInstanceOf(SQLException.class);

                    assertThat(context.getBean(PrometheusMeterRegistry.class).scrape())
                            .containsPattern(
                                    "(?m)^databricks_sql_connections_total\\{error_type=\"com.databricks[^\"]+\","
                                            + "outcome=\"failed\"} [1-9]");
                    assertThat(workspace.telemetryRequests()).isEmpty();
                });
    }

    /** What the workspace's telemetry, the meters, health, the endpoint's statistics and our own debug log never show. */
    @Test
    void queryTextStaysInTracesTheLogAndRecentStatements() {
        Logger ours = logger.getLoggerContext().getLogger("io.github.databrickstelemetry");
        List<String> debug = new CopyOnWriteArrayList<>();
        AppenderBase<ILoggingEvent> recorder = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent line) {
                debug.add(line.getFormattedMessage());
            }
        };
        recorder.start();
        ours.addAppender(recorder);
        ours.setLevel(Level.DEBUG);
        try {
            application
                    .withPropertyValues(
                            "databricks.telemetry.insight.query-text=true", "databricks.telemetry.error-detail=frames")
                    .run(context -> {
                        inATrace(context);
                        String badId = serverId(BAD);
                        await().atMost(LONG).until(() -> lines.size() == 2);
                        assertThat(line(badId)).containsEntry("databricks.query_text", BAD);
                        context.getBean(SdkTracerProvider.class).forceFlush().join(10, TimeUnit.SECONDS);
                        assertThat(spans.getFinishedSpanItems().toString()).contains(BAD);
                        TelemetryEndpoint endpoint = context.getBean(TelemetryEndpoint.class);
                        assertThat(String.valueOf(endpoint.one("statements"))).contains(BAD);
                        endpoint.actOnAll(Action.FLUSH);
                        await().atMost(LONG)
                                .until(() -> workspace.telemetry().received().stream()
                                        .anyMatch(document -> badId.equals(document.statementId())));

                        assertThat(workspace.telemetry().received().toString())
                                .doesNotContain("secret")
                                .doesNotContain("slow_table");
                        assertThat(context.getBean(PrometheusMeterRegistry.class)
                                        .scrape())
                                .doesNotContain("secret");
                        assertThat(endpoint.all().toString()).doesNotContain("secret");
                        assertThat(context.getBean(Boot3HealthIndicator.class)
                                        .health()
                                        .toString())
                                .doesNotContain("secret");
                    });
            assertThat(debug.toString()).doesNotContain("secret").doesNotContain("slow_table");
        } finally {
            ours.detachAppender(recorder);
            ours.setLevel(null);
        }
    }

    private void showsBothStatements(AssertableApplicationContext context) {
        Span request = inATrace(context);
        String slowId = serverId(SLOW);
        String badId = serverId(BAD);

        traceShows(context, request, slowId, badId);
        await().atMost(LONG).until(() -> lines.size() == 2);
        logShows(line(slowId), request, "success");
        logShows(line(badId), request, "failure");
        metersShow(context);
        endpointShows(context, request, slowId, badId);
        assertThat(spans.getFinishedSpanItems().toString() + lines).doesNotContain("secret");
    }

    /** Handles one request; returns its span. */
    private static Span inATrace(AssertableApplicationContext context) {
        Tracer tracer = context.getBean(Tracer.class);
        Span request = tracer.nextSpan().name("GET /orders").start();
        try (Tracer.SpanInScope scope = tracer.withSpan(request)) {
            assertThat(scope).isNotNull();
            handle(context.getBean(DataSource.class));
        } finally {
            request.end();
        }
        return request;
    }

    private static void handle(DataSource dataSource) {
        assertThatThrownBy(() -> {
                    try (Connection connection = dataSource.getConnection();
                            Statement statement = connection.createStatement()) {
                        try (ResultSet rows = statement.executeQuery(SLOW)) {
                            int count = 0;
                            while (rows.next()) {
                                count++;
                            }
                            assertThat(count).isEqualTo(50);
                        }
                        statement.executeQuery(BAD).close();
                    }
                })
                .isInstanceOf(SQLException.class);
    }

    private String serverId(String sql) {
        return workspace.statements().stream()
                .filter(statement -> statement.sql().equals(sql))
                .map(ServerStatement::id)
                .findFirst()
                .orElseThrow();
    }

    private void traceShows(AssertableApplicationContext context, Span request, String slowId, String badId) {
        await().atMost(LONG).untilAsserted(() -> {
            context.getBean(SdkTracerProvider.class).forceFlush().join(10, TimeUnit.SECONDS);
            assertThat(spans.getFinishedSpanItems().stream()
                            .filter(span -> span.getParentSpanId()
                                    .equals(request.context().spanId())))
                    .extracting(
                            SpanData::getName,
                            span -> span.getAttributes().get(AttributeKey.stringKey("databricks.statement.id")),
                            span -> span.getAttributes().get(AttributeKey.stringKey("error.type")) != null)
                    .containsExactlyInAnyOrder(
                            tuple("query dataSource", slowId, false), tuple("query dataSource", badId, true));
        });
        SpanData slow = spans.getFinishedSpanItems().stream()
                .filter(span ->
                        slowId.equals(span.getAttributes().get(AttributeKey.stringKey("databricks.statement.id"))))
                .findFirst()
                .orElseThrow();
        assertThat(slow.getAttributes().get(AttributeKey.longKey("databricks.result.chunks")))
                .isEqualTo(5);
    }

    private Map<String, Object> line(String id) {
        return lines.stream()
                .filter(line -> id.equals(line.get("databricks.statement_id")))
                .findFirst()
                .orElseThrow();
    }

    private static void logShows(Map<String, Object> line, Span request, String outcome) {
        assertThat(line)
                .containsEntry("databricks.outcome", outcome)
                .containsEntry("databricks.data_source", "dataSource")
                .containsEntry("traceId", request.context().traceId());
    }

    private static void metersShow(AssertableApplicationContext context) {
        String scrape = context.getBean(PrometheusMeterRegistry.class).scrape();
        assertThat(scrape.lines()
                        .filter(line -> line.startsWith("db_client_operation_duration_seconds_count"))
                        .map(line -> line.replaceAll(".*outcome=\"([a-z]+)\".* ", "$1 ")))
                .containsExactlyInAnyOrder("success 1", "failure 1");
        assertThat(scrape).contains("databricks_sql_statements_total{databricks_data_source=\"dataSource\"");
    }

    @SuppressWarnings("unchecked")
    private void endpointShows(AssertableApplicationContext context, Span request, String slowId, String badId) {
        Map<String, Object> statements =
                Objects.requireNonNull(context.getBean(TelemetryEndpoint.class).one("statements"));
        assertThat((List<Map<String, Object>>) Objects.requireNonNull(statements.get("slowest")))
                .extracting(statement -> statement.get("id"))
                .containsExactlyInAnyOrder(slowId, badId);
        Map<String, Object> failed =
                ((List<Map<String, Object>>) Objects.requireNonNull(statements.get("failed"))).get(0);
        assertThat(failed)
                .containsEntry("id", badId)
                .containsEntry("traceId", request.context().traceId());
        assertThat(String.valueOf(failed.get("queryProfile")))
                .startsWith("http://" + workspace.host() + "/sql/history?queryId=" + badId + "&queryStartTimeMs=");
        assertThat(RestClient.create()
                        .get()
                        .uri(URI.create(String.valueOf(failed.get("queryProfile"))))
                        .retrieve()
                        .body(String.class))
                .as("the page that the link opens")
                .contains(badId, "FAILED");
        Map<String, Object> slow = ((List<Map<String, Object>>) Objects.requireNonNull(statements.get("slowest")))
                .stream()
                        .filter(statement -> slowId.equals(statement.get("id")))
                        .findFirst()
                        .orElseThrow();
        assertThat(((Map<String, Object>) Objects.requireNonNull(slow.get("phases"))).get("execute"))
                .isEqualTo(line(slowId).get("databricks.execute_ms"));
    }
}
