package io.github.databrickstelemetry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.databrickstelemetry.jdbc.OpenStatements.Execution;
import io.github.databrickstelemetry.jdbc.datasource.Instrumented;
import io.github.databrickstelemetry.jdbc.datasource.RecordingTelemetry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Every execution that was added comes out once, whoever asks. */
class OpenStatementsTest {

    private static final int ROUNDS = 3_000;

    private final TrackedStatement statement;
    private OpenStatements open = new OpenStatements();

    OpenStatementsTest() throws SQLException {
        Connection connection = Instrumented.below(new StubDriver().dataSource(), new RecordingTelemetry())
                .getConnection();
        statement = (TrackedStatement) connection.createStatement();
    }

    private Execution execution() {
        return new Execution(statement, open);
    }

    private List<Execution> close() {
        List<Execution> left = new ArrayList<>();
        for (Execution next = open.closeNext(); next != null; next = open.closeNext()) {
            if (open.remove(next)) {
                left.add(next);
            }
        }
        return left;
    }

    @Test
    void givesBackOneOnce() {
        Execution execution = execution();
        assertThat(open.remove(execution)).isFalse();
        assertThat(open.add(execution)).isTrue();
        assertThat(open.remove(execution)).isTrue();
        assertThat(open.remove(execution)).isFalse();
        assertThat(open.add(execution)).isTrue();
        assertThat(close()).containsExactly(execution);
        assertThat(open.remove(execution)).isFalse();
    }

    @Test
    void givesBackManyInAnyOrder() {
        for (int seed = 0; seed < 50; seed++) {
            open = new OpenStatements();
            List<Execution> many = new ArrayList<>();
            for (int i = 0; i < 7; i++) {
                many.add(execution());
                assertThat(open.add(many.get(i))).isTrue();
            }
            Collections.shuffle(many, new Random(seed));
            for (Execution taken : many.subList(0, seed % 8)) {
                assertThat(open.remove(taken)).isTrue();
                assertThat(open.remove(taken)).isFalse();
            }
            Execution late = execution();
            assertThat(open.add(late)).isTrue();
            List<Execution> left = new ArrayList<>(many.subList(seed % 8, 7));
            left.add(late);
            assertThat(close()).containsExactlyInAnyOrderElementsOf(left);
        }
    }

    @Test
    void takesNoneAfterTheClose() {
        Execution first = execution();
        assertThat(open.add(first)).isTrue();
        assertThat(close()).containsExactly(first);
        assertThat(open.add(execution())).isFalse();
        assertThat(open.closeNext()).isNull();
    }

    /** Two threads open and close statements while a third closes the connection. */
    @Test
    void endsEachOnceWhoeverClosesFirst() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            for (int round = 0; round < ROUNDS; round++) {
                open = new OpenStatements();
                CyclicBarrier start = new CyclicBarrier(3);
                Future<Integer> one = threads.submit(() -> after(start, this::useTwice));
                Future<Integer> other = threads.submit(() -> after(start, this::useTwice));
                Future<Integer> closer = threads.submit(() -> after(start, () -> close().size()));
                int ended = one.get(30, TimeUnit.SECONDS)
                        + other.get(30, TimeUnit.SECONDS)
                        + closer.get(30, TimeUnit.SECONDS);
                assertThat(ended).isEqualTo(4);
                assertThat(close()).isEmpty();
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

    /** Returns how many executions ended here: refused, or taken out again before anybody else did. */
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
