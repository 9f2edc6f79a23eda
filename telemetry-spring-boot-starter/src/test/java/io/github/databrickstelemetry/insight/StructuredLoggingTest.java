package io.github.databrickstelemetry.insight;

import static io.github.databrickstelemetry.insight.Statements.HOST;
import static io.github.databrickstelemetry.insight.Statements.statement;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.databrickstelemetry.properties.TelemetryProperties.StatementLogMode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.springframework.boot.logging.logback.StructuredLogEncoder;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;

/** The statement log in the formats of Spring Boot's structured logging. */
class StructuredLoggingTest {

    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final Logger logger = context.getLogger(StatementLog.LOGGER);
    private final List<ILoggingEvent> lines = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent line) {
            lines.add(line);
        }
    };

    @BeforeEach
    void listen() {
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        appender.setContext(context);
        appender.start();
        logger.addAppender(appender);
    }

    @AfterEach
    void restore() {
        logger.detachAppender(appender);
        logger.setAdditive(true);
        logger.setLevel(null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ecs", "logstash", "gelf"})
    void everyLineIsJsonWithTheStatementsIdsAndPhases(String format) throws IOException {
        try (StatementLog log =
                new StatementLog(StatementLogMode.ALL, Duration.ZERO, new FixedTrace(), Statements.guard())) {
            for (Statements statement : List.of(
                    statement(),
                    statement().failing(),
                    statement().batch(3),
                    statement().queryText("SELECT \"x\"\n"))) {
                log.onStatement(HOST, statement.metric(), statement.local());
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> lines.size() == 4);
        }

        List<JsonNode> documents = documents(format);
        assertThat(documents).hasSize(4).allSatisfy(document -> {
            assertThat(value(document, "databricks.statement_id").asText()).isEqualTo("01f0-server");
            assertThat(value(document, "databricks.data_source").asText()).isEqualTo("orders");
            assertThat(value(document, "databricks.execute_ms").asDouble()).isEqualTo(450);
            assertThat(value(document, "traceId").asText()).isEqualTo("4bf92f35");
        });
        assertThat(value(documents.get(1), "databricks.sql_state").asText()).isEqualTo("42P01");
        assertThat(value(documents.get(1), "databricks.outcome").asText()).isEqualTo("failure");
        assertThat(value(documents.get(3), "databricks.query_text").asText()).isEqualTo("SELECT \"x\"\n");
    }

    private List<JsonNode> documents(String format) throws IOException {
        if (context.getObject(Environment.class.getName()) == null) {
            context.putObject(Environment.class.getName(), new StandardEnvironment());
        }
        StructuredLogEncoder encoder = new StructuredLogEncoder();
        encoder.setContext(context);
        encoder.setFormat(format);
        encoder.start();
        List<JsonNode> documents = new ArrayList<>();
        for (ILoggingEvent line : lines) {
            documents.add(new ObjectMapper().readTree(encoder.encode(line)));
        }
        return documents;
    }

    /** Flat, nested by its dots, or with the prefix and the replacements of GELF. */
    private static JsonNode value(JsonNode document, String key) {
        for (String name : List.of(key, "_" + key, "_" + key.replace('.', '_'))) {
            if (document.has(name)) {
                return document.get(name);
            }
        }
        return document.at("/" + key.replace('.', '/'));
    }

    private static final class FixedTrace implements TraceContexts {
        @Override
        public Object get() {
            return this;
        }

        @Override
        public String traceId(@Nullable Object context) {
            return "4bf92f35";
        }

        @Override
        public String spanId(@Nullable Object context) {
            return "00f067aa";
        }
    }
}
