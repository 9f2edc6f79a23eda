package io.github.databrickstelemetry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
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

/** Every execution that was added comes out once. */
class OpenExecutionsTest {

    private static final int ROUNDS = 3_000;

    private final Connection connection = new StubDriver().dataSource().getConnection();
    private final Statement statement = connection.createStatement();
    private OpenExecutions open = new OpenExecutions();

    OpenExecutionsTest() throws SQLException {}

    private Execution execution() {
        return open.execution(statement, 1, 0);
    }

    @Test
    void handsOutAnExecutionOnce() {
        Execution first = execution();
        Execution second = execution();
        assertThat(open.remove(first)).isFalse();
        assertThat(open.add(first)).isTrue();
        assertThat(open.add(second)).isTrue();
        assertThat(open.remove(first)).isTrue();
        assertThat(open.remove(first)).isFalse();
        assertThat(open.close()).containsExactly(second);
        assertThat(open.remove(second)).isFalse();
        assertThat(open.close()).isEmpty();
    }

    @Test
    void takesNoneAfterTheClose() {
        assertThat(open.close()).isEmpty();
        assertThat(open.add(execution())).isFalse();
        assertThat(open.close()).isEmpty();
    }

    @Test
    void handsOutTheExecutionOfACollectedStatement() throws SQLException {
        Execution forgotten = open.execution(connection.createStatement(), 1, 0);
        Execution kept = execution();
        assertThat(open.add(forgotten)).isTrue();
        assertThat(open.add(kept)).isTrue();
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            System.gc();
            return open.removeForgotten() == forgotten;
        });
        assertThat(open.close()).containsExactly(kept);
        assertThat(statement.isClosed()).isFalse();
    }

    /** Two threads open and close statements while a third closes the connection. */
    @Test
    void handsOutEachOnceWhicheverThreadIsFirst() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            for (int round = 0; round < ROUNDS; round++) {
                open = new OpenExecutions();
                CyclicBarrier start = new CyclicBarrier(3);
                List<Future<Integer>> ended = List.of(
                        threads.submit(() -> after(start, this::useTwice)),
                        threads.submit(() -> after(start, this::useTwice)),
                        threads.submit(() -> after(start, () -> open.close().size())));
                int sum = 0;
                for (Future<Integer> each : ended) {
                    sum += each.get(30, TimeUnit.SECONDS);
                }
                assertThat(sum).isEqualTo(4);
                assertThat(open.close()).isEmpty();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private interface Step {
        int run();
    }

    private static int after(CyclicBarrier start, Step step) throws Exception {
        start.await(30, TimeUnit.SECONDS);
        return step.run();
    }

    /** Returns how many executions ended here: refused, or taken out again. */
    private int useTwice() {
        int ended = 0;
        for (int i = 0; i < 2; i++) {
            Execution execution = execution();
            if (!open.add(execution) || open.remove(execution)) {
                ended++;
            }
        }
        return ended;
    }
}
