package io.github.databrickstelemetry.jdbc.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.databrickstelemetry.jdbc.H2;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus.DriverTelemetry;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceStatus.Instrumentation;
import java.sql.Connection;
import java.sql.SQLException;
import oracle.ucp.jdbc.PoolDataSource;
import org.h2.Driver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.jdbc.metadata.OracleUcpDataSourcePoolMetadata;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** Oracle's pool, which opens connections of any driver. */
@ExtendWith(OutputCaptureExtension.class)
class UcpTest {

    private final Contexts contexts = new Contexts();
    private final RecordingTelemetry telemetry = contexts.telemetry();
    private PoolDataSource pool;

    @BeforeEach
    void createPool() throws SQLException {
        pool = Ucp.pool(Driver.class, H2.newDatabase());
    }

    @AfterEach
    void destroyPool() {
        Ucp.destroy(pool);
    }

    private AnnotationConfigApplicationContext context() {
        return contexts.with(PoolDataSource.class, () -> pool);
    }

    @Test
    void recognisesASessionByItsPhysicalConnection(CapturedOutput output) throws SQLException {
        try (AnnotationConfigApplicationContext context = context()) {
            PoolDataSource observed = context.getBean(PoolDataSource.class);
            Contexts.query(observed);
            Contexts.query(observed);
            assertThat(observed.getStatistics().getTotalConnectionsCount()).isEqualTo(1);
            assertThat(telemetry.lines()).containsExactly("open", "start QUERY", "complete", "start QUERY", "complete");
            assertThat(contexts.status())
                    .extracting(DataSourceStatus::instrumentation, DataSourceStatus::driverTelemetry)
                    .containsExactly(tuple(Instrumentation.OUTSIDE, DriverTelemetry.UNCHANGED));
        }
        assertThat(telemetry.lines()).endsWith("close");
        assertThat(telemetry.references()).isZero();
        assertThat(output.toString()).isEmpty();
    }

    /** Nobody asks a connection that is not in use whether it is closed: one that hangs would block others. */
    @Test
    void reportsTheEndOfASessionThatThePoolClosedUnseenWithTheEndOfThePool() throws SQLException {
        try (AnnotationConfigApplicationContext context = context()) {
            PoolDataSource observed = context.getBean(PoolDataSource.class);
            Contexts.query(observed);
            Ucp.closeIdle(pool);
            Contexts.query(observed);
            assertThat(telemetry.lines())
                    .containsExactly("open", "start QUERY", "complete", "open", "start QUERY", "complete");
        }
        assertThat(telemetry.lines()).filteredOn("close"::equals).hasSize(2);
    }

    @Test
    void staysThePoolForAllCallers() throws SQLException {
        try (AnnotationConfigApplicationContext context = context()) {
            PoolDataSource observed = context.getBean(PoolDataSource.class);
            assertThat(observed.isWrapperFor(InstrumentedDataSource.class)).isTrue();
            assertThat(observed.getConnectionPoolName()).isEqualTo(pool.getConnectionPoolName());
            observed.setMaxPoolSize(3);
            assertThat(new OracleUcpDataSourcePoolMetadata(observed).getMax()).isEqualTo(3);
            try (Connection connection = observed.getConnection()) {
                assertThat(connection.isValid(1)).isTrue();
                assertThat(observed.getBorrowedConnectionsCount()).isEqualTo(1);
            }
        }
    }
}
