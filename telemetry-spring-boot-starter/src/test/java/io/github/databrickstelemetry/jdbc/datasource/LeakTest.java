package io.github.databrickstelemetry.jdbc.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.databrickstelemetry.jdbc.DriverAdapter;
import io.github.databrickstelemetry.jdbc.StubDriver;
import java.lang.ref.WeakReference;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What applications forget to close is collected as it would be without us, and its end is reported all the same. */
class LeakTest {

    private final AtomicLong started = new AtomicLong();
    private final AtomicLong completed = new AtomicLong();
    private final AtomicLong opened = new AtomicLong();
    private final AtomicLong closed = new AtomicLong();
    private final RecordingTelemetry telemetry = new RecordingTelemetry(event -> {
        (switch (event.type()) {
                    case STATEMENT_START -> started;
                    case STATEMENT_COMPLETE -> completed;
                    case CONNECTION_OPEN -> opened;
                    default -> closed;
                })
                .incrementAndGet();
    });

    @Test
    void completesAMillionStatementsThatWereNeverClosed() throws SQLException {
        Connection connection =
                Instrumented.below(new StubDriver().dataSource(), telemetry).getConnection();
        WeakReference<Statement> first = new WeakReference<>(forget(connection));
        for (int i = 1; i < 1_000_000; i++) {
            forget(connection);
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            System.gc();
            forget(connection);
            // All but the last ones, which nobody has asked to be collected yet.
            return first.get() == null && started.get() - completed.get() < 100;
        });
        connection.close();
        assertThat(completed).hasValue(started.get());
    }

    private static Statement forget(Connection connection) throws SQLException {
        Statement statement = connection.createStatement();
        statement.executeQuery("x");
        return statement;
    }

    @Test
    void endsTenThousandSessionsThatWereClosed() throws SQLException {
        OutsideTelemetry observer = source();
        InstrumentingDataSource dataSource = new InstrumentingDataSource(new StubDriver().dataSource(), observer);
        for (int i = 0; i < 10_000; i++) {
            try (Connection connection = connect(dataSource)) {
                connection.createStatement().executeQuery("x");
            }
        }
        assertThat(opened).hasValue(10_000);
        assertThat(closed).hasValue(10_000);
        assertThat(completed).hasValue(10_000);
        assertThat(observer.knownSessions()).isZero();
    }

    @Test
    void endsTenThousandSessionsThatWereNeverClosed() throws SQLException {
        OutsideTelemetry observer = source();
        InstrumentingDataSource dataSource = new InstrumentingDataSource(new StubDriver().dataSource(), observer);
        for (int i = 0; i < 10_000; i++) {
            assertThat(dataSource.getConnection()).isNotNull();
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            System.gc();
            connect(dataSource).close();
            return opened.get() - closed.get() < 100 && observer.knownSessions() < 100;
        });
    }

    private static Connection connect(DataSource dataSource) throws SQLException {
        return dataSource.getConnection();
    }

    private OutsideTelemetry source() {
        return new OutsideTelemetry(
                RecordingTelemetry.observed("bean", DriverAdapter.NONE, Map.of()),
                () -> telemetry,
                Instrumented.guard());
    }
}
