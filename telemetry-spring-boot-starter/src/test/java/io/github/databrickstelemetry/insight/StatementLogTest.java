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
import io.github.databrickstelemetry.properties.TelemetryProperties.StatementLogMode;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The statement log with Logback. */
class StatementLogTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SLOW = Duration.ofSeconds(1);

    private final Logger logger = ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(StatementLog.LOGGER);
    private final Appender appender = new Appender();
    private final Guard guard = Statements.guard();
    private long now;

    private static final class Appender extends AppenderBase<ILoggingEvent> {
        private final List<ILoggingEvent> lines = new CopyOnWriteArrayList<>();
        private volatile CountDownLatch gate = new CountDownLatch(0);
        private volatile boolean broken;

        @Override
        protected void append(ILoggingEvent line) {
            try {
                gate.await();
            } catch (InterruptedException closing) {
                Thread.currentThread().interrupt();
            }
            if (broken) {
                throw new IllegalStateException("disk full");
            }
            lines.add(line);
        }
    }

    @BeforeEach
    void listen() {
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        appender.setContext(logger.getLoggerContext());
        appender.start();
        logger.addAppender(appender);
    }

    @AfterEach
    void restore() {
        appender.gate.countDown();
        logger.detachAppender(appender);
        logger.setAdditive(true);
        logger.setLevel(null);
    }

    @Test
    void writesASlowStatementWithItsIdsAndPhases() {
        try (StatementLog log = log(StatementLogMode.SLOW)) {
            finish(log, statement());

            ILoggingEvent line = lines(1).get(0);
            assertThat(line.getLevel()).isEqualTo(Level.INFO);
            assertThat(line.getFormattedMessage())
                    .isEqualTo("Statement 01f0-server of data source orders was slow after 1834 ms"
                            + " (execute 450, poll 300, download 2105, consume 1384)");
            assertThat(keyValues(line))
                    .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                            Map.entry("databricks.statement_id", "01f0-server"),
                            Map.entry("databricks.data_source", "orders"),
                            Map.entry("databricks.warehouse_id", "abc123"),
                            Map.entry("databricks.operation", "query"),
                            Map.entry("databricks.outcome", "success"),
                            Map.entry("databricks.duration_ms", 1834.0),
                            Map.entry("databricks.execute_ms", 450.0),
                            Map.entry("databricks.poll_ms", 300.0),
                            Map.entry("databricks.download_ms", 2105.0),
                            Map.entry("databricks.consume_ms", 1384.0),
                            Map.entry("databricks.chunks", 5L),
                            Map.entry("databricks.polls", 3),
                            Map.entry("databricks.result_format", "EXTERNAL_LINKS"),
                            Map.entry(
                                    "databricks.query_profile_url",
                                    String.valueOf(statement().finished().queryProfile()))));
        }
    }

    @Test
    void leavesOutFastStatements() {
        try (StatementLog log = log(StatementLogMode.SLOW)) {
            finish(log, statement().executeMillis(999));
            finish(log, statement().id("slow").executeMillis(1_000));

            assertThat(keyValues(lines(1).get(0))).containsEntry("databricks.statement_id", "slow");
            assertThat(appender.lines).hasSize(1);
        }
    }

    @Test
    void writesFailedStatementsWithClassAndSqlStateAndNeverTheMessage() {
        try (StatementLog log = log(StatementLogMode.FAILED)) {
            finish(log, statement());
            finish(log, statement().failing());

            ILoggingEvent line = lines(1).get(0);
            assertThat(keyValues(line))
                    .containsEntry("databricks.outcome", "failure")
                    .containsEntry("databricks.error_class", "com.databricks.client.jdbc.DatabricksSQLException")
                    .containsEntry("databricks.sql_state", "42P01");
            assertThat(line.getFormattedMessage())
                    .startsWith("Statement 01f0-server of data source orders failed after 450 ms")
                    .endsWith(": com.databricks.client.jdbc.DatabricksSQLException");
            assertThat(line.getThrowableProxy()).isNull();
            assertThat(line.getFormattedMessage() + keyValues(line)).doesNotContain("vault");
            assertThat(appender.lines).hasSize(1);
        }
    }

    @Test
    void writesNothingWhenOff() {
        try (StatementLog log = log(StatementLogMode.OFF)) {
            finish(log, statement().failing());
        }
        assertThat(appender.lines).isEmpty();
    }

    @Test
    void writesEveryStatementWhenAsked() {
        try (StatementLog log = log(StatementLogMode.ALL)) {
            for (int i = 0; i < 200; i++) {
                finish(log, statement().executeMillis(1));
            }
            lines(200);
        }
    }

    @Test
    void writesTheSqlTextOnlyWhereItWasCaptured() {
        try (StatementLog log = log(StatementLogMode.ALL)) {
            finish(log, statement());
            finish(log, statement().queryText("SELECT 1"));

            assertThat(lines(2))
                    .extracting(line -> keyValues(line).get("databricks.query_text"))
                    .containsExactly(null, "SELECT 1");
        }
    }

    @Test
    void writesTenLinesASecondAndCountsTheRest() {
        try (StatementLog log = log(StatementLogMode.SLOW)) {
            for (int i = 0; i < 35; i++) {
                finish(log, statement());
            }
            lines(10);

            now += Duration.ofSeconds(1).toNanos();
            finish(log, statement());
            finish(log, statement());

            List<ILoggingEvent> lines = lines(12);
            assertThat(keyValues(lines.get(9))).doesNotContainKey("databricks.suppressed");
            assertThat(keyValues(lines.get(10))).containsEntry("databricks.suppressed", 25L);
            assertThat(keyValues(lines.get(11))).doesNotContainKey("databricks.suppressed");
        }
    }

    @Test
    void anAppenderThatBlocksStallsNoCallerAndLosesNoCount() {
        appender.gate = new CountDownLatch(1);
        try (StatementLog log = log(StatementLogMode.ALL)) {
            long before = System.nanoTime();
            for (int i = 0; i < 1_000; i++) {
                finish(log, statement());
            }
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(LONG);
            assertThat(appender.lines).isEmpty();

            appender.gate.countDown();
            await().atMost(LONG).until(() -> appender.lines.size() >= 257);
            finish(log, statement());

            await().atMost(LONG).untilAsserted(() -> {
                long suppressed = appender.lines.stream()
                        .map(line -> keyValues(line).get("databricks.suppressed"))
                        .mapToLong(count -> count instanceof Long number ? number : 0)
                        .sum();
                assertThat(appender.lines.size() + suppressed).isEqualTo(1_001);
            });
        }
    }

    @Test
    void closesWhileAnAppenderBlocks() {
        appender.gate = new CountDownLatch(1);
        StatementLog log = log(StatementLogMode.ALL);
        finish(log, statement());
        finish(log, statement());
        long before = System.nanoTime();

        log.close();

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
        await().atMost(LONG)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("databricks-telemetry-log")));
        finish(log, statement());
    }

    @Test
    void anAppenderThatThrowsIsCounted() {
        appender.broken = true;
        try (StatementLog log = log(StatementLogMode.ALL)) {
            logger.getLoggerContext().getStatusManager().clear();
            finish(log, statement());
            appender.broken = false;
            finish(log, statement());
            await().atMost(LONG).until(() -> !appender.lines.isEmpty());
        }
    }

    @Test
    void writesNothingWhereTheLoggerIsOff() {
        logger.setLevel(Level.OFF);
        try (StatementLog log = log(StatementLogMode.ALL)) {
            finish(log, statement());
        }
        assertThat(appender.lines).isEmpty();
    }

    private StatementLog log(StatementLogMode mode) {
        return new StatementLog(mode, SLOW, TraceContexts.NONE, guard, () -> now);
    }

    private static void finish(StatementLog log, Statements statement) {
        log.onStatement(HOST, statement.metric(), statement.local());
    }

    private List<ILoggingEvent> lines(int count) {
        await().atMost(LONG).until(() -> appender.lines.size() >= count);
        return appender.lines;
    }

    private static Map<String, Object> keyValues(ILoggingEvent line) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (line.getKeyValuePairs() != null) {
            line.getKeyValuePairs().forEach(pair -> map.put(pair.key, pair.value));
        }
        return map;
    }
}
