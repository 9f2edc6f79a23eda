package io.github.databrickstelemetry.benchmarks.soak;

import com.zaxxer.hikari.HikariDataSource;
import io.github.databrickstelemetry.benchmarks.jdbc.Stub;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.event.ConnectionDetails;
import io.github.databrickstelemetry.event.LocalDetails.LocalDataSource;
import io.github.databrickstelemetry.jdbc.DriverAdapter;
import io.github.databrickstelemetry.jdbc.LocalContext;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceDescription;
import io.github.databrickstelemetry.jdbc.datasource.DataSourceTelemetryPostProcessor;
import io.github.databrickstelemetry.runtime.internal.Guard;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import javax.sql.DataSource;
import org.slf4j.LoggerFactory;

/** The application of one workspace: a pool of sessions that is replaced now and then. Counts its own statements and connections. */
final class Producers implements AutoCloseable {

    private final DataSourceTelemetryPostProcessor postProcessor;
    private final int sessions;
    private final LongAdder statements = new LongAdder();
    private final LongAdder opened = new LongAdder();
    private final LongAdder closed = new LongAdder();
    private volatile HikariDataSource pool;

    Producers(TelemetryTarget target, TelemetryClientProvider clients, int sessions) {
        DataSourceDescription description = new DataSourceDescription(
                target.host(),
                () -> target,
                ConnectionDetails.UNKNOWN,
                new LocalDataSource("soak", null, null, null),
                () -> LocalContext.NONE,
                DriverAdapter.NONE,
                Map.of(),
                Map.of());
        this.postProcessor = new DataSourceTelemetryPostProcessor(
                () -> (beanName, source) -> description,
                () -> clients,
                new Guard(LoggerFactory.getLogger(DataSourceTelemetryPostProcessor.class)));
        this.sessions = sessions;
        this.pool = newPool();
    }

    long statements() {
        return statements.sum();
    }

    /** Physical connections opened and closed. */
    long openings() {
        return opened.sum();
    }

    long closings() {
        return closed.sum();
    }

    private HikariDataSource newPool() {
        HikariDataSource fresh = new HikariDataSource();
        fresh.setDataSource(new CountingDataSource(Stub.dataSource(), opened, closed));
        fresh.setMaximumPoolSize(sessions);
        fresh.setMinimumIdle(sessions);
        DataSource same = (DataSource) postProcessor.postProcessBeforeInitialization(fresh, "soak");
        if (same != fresh || postProcessor.postProcessAfterInitialization(fresh, "soak") != fresh) {
            throw new IllegalStateException(
                    "A pool that has not started is instrumented below the pool, and stays the same object");
        }
        start(fresh);
        return fresh;
    }

    /** HikariCP loses a pool, with its threads and connections, that is closed while its first connection starts it. */
    private static void start(HikariDataSource pool) {
        try {
            pool.getConnection().close();
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** The old pool closes as a bean does. */
    void churn() {
        HikariDataSource old = pool;
        pool = newPool();
        end(old);
    }

    private void end(HikariDataSource old) {
        postProcessor.postProcessBeforeDestruction(old, "soak");
        old.close();
    }

    /** Runs one statement; every tenth fails. */
    void statement(int number) {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement(number % 10 == 0 ? Stub.FAILING_SQL : "SELECT 1")) {
            statements.increment();
            statement.executeQuery().close();
        } catch (SQLException expected) {
            // The failing one, or a pool that was just replaced.
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        end(pool);
    }
}
