package io.github.databrickstelemetry.jdbc.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.databrickstelemetry.jdbc.DriverAdapter;
import io.github.databrickstelemetry.jdbc.H2;
import io.github.databrickstelemetry.jdbc.OpaqueConnection;
import io.github.databrickstelemetry.jdbc.StubDriver;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;
import org.h2.jdbc.JdbcConnection;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Sessions seen from outside a pool, where a connection is a borrow. */
class OutsideTelemetryTest {

    private final RecordingTelemetry telemetry = new RecordingTelemetry();
    private final OutsideTelemetry source = new OutsideTelemetry(
            RecordingTelemetry.observed("bean", new H2Adapter(), Map.of()), () -> telemetry, Instrumented.guard());

    private static final class H2Adapter implements DriverAdapter {
        @Override
        public Connection physical(Connection borrowed) throws SQLException {
            return borrowed.unwrap(JdbcConnection.class);
        }
    }

    private static Connection borrow(DataSource pool) throws SQLException {
        return pool.getConnection();
    }

    @Test
    void endsIdleSessionsWithThePoolAndOthersWithTheirBorrow() throws SQLException {
        DataSource database = H2.dataSource(H2.newDatabase());
        DataSource pool = new InstrumentingDataSource(
                new AbstractDataSource() {
                    @Override
                    public Connection getConnection() throws SQLException {
                        return OpaqueConnection.around(borrow(database));
                    }

                    @Override
                    public Connection getConnection(String username, String password) throws SQLException {
                        return getConnection();
                    }
                },
                source);
        Connection used = borrow(pool);
        borrow(pool).close();
        assertThat(telemetry.lines()).containsExactly("open", "open");
        telemetry.clear();

        source.end();
        assertThat(telemetry.lines()).containsExactly("close");
        assertThat(telemetry.references()).isEqualTo(1);
        used.createStatement().executeQuery(H2.SQL.query());
        used.close();
        used.close();
        assertThat(telemetry.lines()).containsExactly("close", "start QUERY", "complete", "close");
        assertThat(telemetry.references()).isZero();
    }

    @Test
    void forgetsAConnectionThatComesFromNoPoolWithItsClose() throws SQLException {
        DataSource observed = new InstrumentingDataSource(H2.dataSource(H2.newDatabase()), source);
        Connection one = borrow(observed);
        Connection other = borrow(observed);
        assertThat(source.knownSessions()).isEqualTo(2);
        one.close();
        assertThat(source.knownSessions()).isEqualTo(1);
        other.close();
        other.close();
        assertThat(source.knownSessions()).isZero();
        assertThat(telemetry.lines()).containsExactly("open", "open", "close", "close");
    }

    @Test
    void keepsTheSessionOfAConnectionWhoseCloseIsSuppressed() throws SQLException {
        try (SingleConnectionDataSource single = new SingleConnectionDataSource(H2.newDatabase(), true)) {
            DataSource observed = new InstrumentingDataSource(
                    single,
                    new OutsideTelemetry(
                            RecordingTelemetry.observed("bean", DriverAdapter.NONE, Map.of()),
                            () -> telemetry,
                            Instrumented.guard()));
            borrow(observed).close();
            borrow(observed).close();
            assertThat(telemetry.lines()).containsExactly("open");
        }
    }

    @Test
    void endsTheSessionOfTheOnlyConnectionWithItsDataSource() throws SQLException {
        try (SingleConnectionDataSource single = new SingleConnectionDataSource(H2.newDatabase(), false)) {
            // Nobody closes it, as the data source says that it is not to be closed.
            borrow(new InstrumentingDataSource(single, source));
            source.end();
            assertThat(telemetry.lines()).containsExactly("open", "close");
            assertThat(telemetry.references()).isZero();
        }
    }

    @Test
    void keepsNoReferenceForAnAttemptToConnectThatFailsAfterTheEnd() {
        SQLException failure = new SQLException("down");
        DataSource down = new InstrumentingDataSource(
                new StubDriver().failing("getConnection", failure).dataSource(), source);
        source.end();
        assertThatThrownBy(() -> borrow(down)).isSameAs(failure);
        assertThat(telemetry.lines()).isEmpty();
        assertThat(telemetry.acquired()).isZero();
    }
}
