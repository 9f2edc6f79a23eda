package io.github.databrickstelemetry.jdbc;

import static io.github.databrickstelemetry.jdbc.StatementMdc.KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.github.databrickstelemetry.event.DeferredResult;
import io.github.databrickstelemetry.event.LocalDetails.LocalDataSource;
import io.github.databrickstelemetry.event.StatementResult;
import io.github.databrickstelemetry.jdbc.datasource.Instrumented;
import io.github.databrickstelemetry.jdbc.datasource.RecordingTelemetry;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;

/** The MDC shows the latest statement of a thread, and is as before when the connection is given back. */
class StatementMdcTest {

    private static final LocalContext WANTED = new LocalContext(() -> null, false, true, failure -> {});

    private final StubDriver driver = new StubDriver();
    private final DataSource dataSource = instrumented(WANTED);
    private final ExecutorService other = Executors.newSingleThreadExecutor();

    /** Numbers the executions of the whole test. */
    private static final class NumberingAdapter implements DriverAdapter {

        private int executions;

        @Override
        public StatementResult executed(Statement physical, @Nullable ResultSet resultSet, long startNanos) {
            return StatementResult.ofId("id" + ++executions);
        }

        @Override
        public StatementResult failed(Statement physical) {
            return StatementResult.ofId("failed" + ++executions);
        }
    }

    private DataSource instrumented(LocalContext context) {
        return instrumented(context, new NumberingAdapter());
    }

    private DataSource instrumented(LocalContext context, DriverAdapter adapter) {
        return Instrumented.below(
                driver.dataSource(),
                new RecordingTelemetry(),
                new LocalDataSource("bean", null, null, null),
                context,
                adapter);
    }

    private static Connection execute(DataSource dataSource) throws SQLException {
        Connection connection = dataSource.getConnection();
        connection.createStatement().executeQuery("x");
        return connection;
    }

    @BeforeEach
    @AfterEach
    void clear() {
        MDC.clear();
    }

    @AfterEach
    void stop() {
        other.shutdownNow();
    }

    @Test
    void showsTheLatestStatementUntilTheConnectionCloses() throws SQLException {
        Connection connection = execute(dataSource);
        assertThat(MDC.get(KEY)).isEqualTo("id1");
        connection.createStatement().executeUpdate("x");
        assertThat(MDC.get(KEY)).isEqualTo("id2");
        connection.close();
        assertThat(MDC.get(KEY)).isNull();
    }

    @Test
    void showsAFailedStatement() throws SQLException {
        SQLException failure = new SQLException("driver");
        driver.failing("executeQuery", failure);
        Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        assertThatThrownBy(() -> statement.executeQuery("x")).isSameAs(failure);
        assertThat(MDC.get(KEY)).isEqualTo("failed1");
        connection.close();
        assertThat(MDC.get(KEY)).isNull();
    }

    @Test
    void restoresAValueOfTheApplication() throws SQLException {
        MDC.put(KEY, "own");
        execute(dataSource).close();
        assertThat(MDC.get(KEY)).isEqualTo("own");
    }

    @Test
    void restoresTheValueWhateverConnectionClosesFirst() throws SQLException {
        Connection first = execute(dataSource);
        Connection second = execute(dataSource);
        Connection third = execute(dataSource);
        first.close();
        assertThat(MDC.get(KEY)).isEqualTo("id3");
        third.close();
        assertThat(MDC.get(KEY)).isEqualTo("id2");
        second.close();
        assertThat(MDC.get(KEY)).isNull();
    }

    @Test
    void showsNothingOnTheThreadThatOnlyCloses() throws Exception {
        Connection connection = on(() -> execute(dataSource));
        assertThat(MDC.get(KEY)).isNull();
        connection.close();
        assertThat(MDC.get(KEY)).isNull();
        on(() -> {
            execute(dataSource).close();
            return true;
        });
        assertThat(on(() -> String.valueOf(MDC.get(KEY)))).isEqualTo("null");
    }

    /** The pool keeps the physical connection, and gives it to another thread. */
    @Test
    void endsWithTheBorrowOfAPooledConnection() throws Exception {
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setDataSource(dataSource);
            pool.setMaximumPoolSize(1);
            Connection connection = execute(pool);
            assertThat(MDC.get(KEY)).isEqualTo("id1");
            connection.close();
            assertThat(MDC.get(KEY)).isNull();
            assertThat(on(() -> {
                        try (Connection again = execute(pool)) {
                            return String.valueOf(MDC.get(KEY)) + again.isClosed();
                        }
                    }))
                    .isEqualTo("id2false");
            assertThat(on(() -> String.valueOf(MDC.get(KEY)))).isEqualTo("null");
            assertThat(MDC.get(KEY)).isNull();
        }
    }

    /** Reading takes the driver's locks, so that the MDC's must not be held meanwhile. */
    @Test
    void readsTheDriverWithoutALock() throws SQLException {
        List<String> otherThread = new ArrayList<>();
        Connection[] connection = new Connection[1];
        DriverAdapter adapter = new DriverAdapter() {
            @Override
            public DeferredResult executed(Statement physical, @Nullable ResultSet resultSet, long startNanos) {
                return () -> {
                    otherThread.add(giveBackOnAnotherThread(connection[0]));
                    return StatementResult.ofId("id");
                };
            }
        };
        connection[0] = instrumented(WANTED, adapter).getConnection();
        connection[0].createStatement().executeQuery("x");
        assertThat(MDC.get(KEY)).isEqualTo("id");
        assertThat(otherThread).containsExactly("given back");
        connection[0].close();
    }

    private String giveBackOnAnotherThread(Connection connection) {
        try {
            return on(() -> {
                connection.clearWarnings();
                return "given back";
            });
        } catch (Exception stuck) {
            return stuck.toString();
        }
    }

    /** Without a logging library SLF4J's MDC does nothing; with one that has no adapter, each of its methods throws. */
    @Test
    void aMissingAdapterFailsNoStatement() throws Exception {
        Method use = MDC.class.getDeclaredMethod("setMDCAdapter", MDCAdapter.class);
        use.setAccessible(true);
        MDCAdapter usual = MDC.getMDCAdapter();
        MDCAdapter throwing = (MDCAdapter) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {MDCAdapter.class}, (proxy, method, arguments) -> {
                    throw new IllegalStateException("MDCAdapter cannot be null");
                });
        for (MDCAdapter absent : List.of(new NOPMDCAdapter(), throwing)) {
            try {
                use.invoke(null, absent);
                Connection connection = execute(dataSource);
                connection.close();
                assertThat(connection.isClosed()).isTrue();
            } finally {
                use.invoke(null, usual);
            }
        }
        assertThat(MDC.get(KEY)).isNull();
    }

    @Test
    void showsNothingIfItIsNotWanted() throws SQLException {
        try (Connection connection = execute(instrumented(LocalContext.NONE))) {
            assertThat(MDC.get(KEY)).isNull();
            assertThat(connection.isClosed()).isFalse();
        }
    }

    private <T> T on(Callable<T> call) throws Exception {
        return other.submit(call).get(30, TimeUnit.SECONDS);
    }
}
