package io.github.databrickstelemetry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.databrickstelemetry.event.TelemetryEvent.StatementComplete;
import io.github.databrickstelemetry.jdbc.OpenExecutions.Execution;
import io.github.databrickstelemetry.jdbc.datasource.Instrumented;
import io.github.databrickstelemetry.jdbc.datasource.RecordingTelemetry;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Every execution that was added is completed once. */
class OpenExecutionsTest {

    private static final int ROUNDS = 3_000;

    private final RecordingTelemetry telemetry = new RecordingTelemetry();
    private final InstrumentedConnection connection = (InstrumentedConnection)
            Instrumented.below(new StubDriver().dataSource(), telemetry).getConnection();
    private final Statement statement = connection.createStatement();
    private OpenExecutions open = new OpenExecutions(connection.session);

    OpenExecutionsTest() throws SQLException {}

    private Execution execution(long key) {
        return open.execution(statement, key, 0);
    }

    private List<Long> completed() {
        return telemetry.events(StatementComplete.class).stream()
                .map(StatementComplete::statementKey)
                .toList();
    }

    @Test
    void completesAnExecutionOnce() {
        Execution first = execution(1);
        Execution second = execution(2);
        open.complete(first);
        assertThat(completed()).isEmpty();
        open.add(first);
        open.add(second);
        open.complete(first);
        open.complete(first);
        assertThat(completed()).containsExactly(1L);
        open.close();
        open.complete(second);
        open.close();
        assertThat(completed()).containsExactly(1L, 2L);
    }

    @Test
    void completesWhatIsAddedAfterTheClose() {
        open.close();
        Execution late = execution(1);
        assertThat(open.add(late)).isFalse();
        open.complete(late);
        assertThat(completed()).containsExactly(1L);
    }

    @Test
    void completesTheExecutionOfACollectedStatement() throws SQLException {
        open.add(open.execution(connection.createStatement(), 1, 0));
        open.add(execution(2));
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            System.gc();
            open.completeForgotten();
            return completed().equals(List.of(1L));
        });
        open.close();
        assertThat(completed()).containsExactly(1L, 2L);
        assertThat(statement.isClosed()).isFalse();
    }

    /** Two threads open and close statements while a third closes the connection. */
    @Test
    void completesEachOnceWhicheverThreadIsFirst() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            for (int round = 0; round < ROUNDS; round++) {
                open = new OpenExecutions(connection.session);
                telemetry.clear();
                CyclicBarrier start = new CyclicBarrier(3);
                List<Future<?>> ended = List.of(
                        threads.submit(() -> after(start, () -> useTwice(1))),
                        threads.submit(() -> after(start, () -> useTwice(3))),
                        threads.submit(() -> after(start, open::close)));
                for (Future<?> each : ended) {
                    each.get(30, TimeUnit.SECONDS);
                }
                assertThat(completed()).containsExactlyInAnyOrder(1L, 2L, 3L, 4L);
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

    private void useTwice(long firstKey) {
        for (long key = firstKey; key < firstKey + 2; key++) {
            Execution execution = execution(key);
            open.add(execution);
            open.complete(execution);
        }
    }
}
