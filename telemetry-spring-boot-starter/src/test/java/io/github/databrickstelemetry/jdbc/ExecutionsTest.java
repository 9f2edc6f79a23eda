package io.github.databrickstelemetry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.databrickstelemetry.event.StatementType;
import io.github.databrickstelemetry.event.TelemetryEvent.StatementComplete;
import io.github.databrickstelemetry.jdbc.Executions.Execution;
import io.github.databrickstelemetry.jdbc.datasource.Instrumented;
import io.github.databrickstelemetry.jdbc.datasource.RecordingTelemetry;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Every execution that was added is completed once. */
class ExecutionsTest {

    private static final int ROUNDS = 3_000;

    private final RecordingTelemetry telemetry = new RecordingTelemetry();
    private final InstrumentedConnection connection = (InstrumentedConnection)
            Instrumented.below(new StubDriver().dataSource(), telemetry).getConnection();
    private final Statement statement = connection.createStatement();
    private Executions executions = new Executions(connection.session);

    ExecutionsTest() throws SQLException {}

    private Execution begin() {
        return begin(statement);
    }

    private Execution begin(Statement of) {
        return Objects.requireNonNull(executions.begin(of, StatementType.QUERY, null, 0));
    }

    private List<Long> completed() {
        return telemetry.events(StatementComplete.class).stream()
                .map(StatementComplete::statementKey)
                .toList();
    }

    @Test
    void completesAnExecutionOnce() {
        Execution first = begin();
        Execution second = begin();
        executions.complete(first);
        assertThat(completed()).isEmpty();
        executions.add(first);
        executions.add(second);
        executions.complete(first);
        executions.complete(first);
        assertThat(completed()).containsExactly(first.key);
        executions.close();
        executions.complete(second);
        executions.close();
        assertThat(completed()).containsExactly(first.key, second.key);
    }

    @Test
    void completesWhatIsAddedAfterTheClose() {
        executions.close();
        Execution late = begin();
        assertThat(executions.add(late)).isFalse();
        executions.complete(late);
        assertThat(completed()).containsExactly(late.key);
    }

    @Test
    void completesTheExecutionOfACollectedStatement() throws SQLException {
        executions.add(begin(connection.createStatement()));
        Execution kept = begin();
        executions.add(kept);
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            System.gc();
            begin();
            return completed().size() == 1;
        });
        executions.close();
        assertThat(completed()).hasSize(2).endsWith(kept.key);
        assertThat(statement.isClosed()).isFalse();
    }

    /** Two threads open and close statements while a third closes the connection. */
    @Test
    void completesEachOnceWhicheverThreadIsFirst() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            for (int round = 0; round < ROUNDS; round++) {
                executions = new Executions(connection.session);
                telemetry.clear();
                CyclicBarrier start = new CyclicBarrier(3);
                List<Future<?>> ended = List.of(
                        threads.submit(() -> after(start, this::useTwice)),
                        threads.submit(() -> after(start, this::useTwice)),
                        threads.submit(() -> after(start, executions::close)));
                for (Future<?> each : ended) {
                    each.get(30, TimeUnit.SECONDS);
                }
                assertThat(completed()).hasSize(4).doesNotHaveDuplicates();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static boolean after(CyclicBarrier start, Runnable step) throws Exception {
        start.await(30, TimeUnit.SECONDS);
        step.run();
        return true;
    }

    private void useTwice() {
        for (int i = 0; i < 2; i++) {
            Execution execution = begin();
            executions.add(execution);
            executions.complete(execution);
        }
    }
}
