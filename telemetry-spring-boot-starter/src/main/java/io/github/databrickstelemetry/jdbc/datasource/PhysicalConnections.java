package io.github.databrickstelemetry.jdbc.datasource;

import io.github.databrickstelemetry.jdbc.InstrumentedConnection;
import io.github.databrickstelemetry.jdbc.SessionTelemetry;
import java.sql.Connection;
import org.jspecify.annotations.Nullable;

/** Connections below a pool: each one that is opened is a physical one, and so a session. Thread-safe. */
final class PhysicalConnections implements ConnectionInstrumentation {

    private final DataSourceTelemetry telemetry;

    PhysicalConnections(DataSourceTelemetry telemetry) {
        this.telemetry = telemetry;
    }

    @Override
    public @Nullable Connection opened(@Nullable Connection connection, long startNanos) {
        if (connection == null || InstrumentedConnection.isInstrumented(connection)) {
            return connection;
        }
        try {
            SessionTelemetry session = telemetry.sessionOpened(connection, System.nanoTime() - startNanos);
            return session == null ? connection : new InstrumentedConnection(connection, session, session);
        } catch (Throwable failure) {
            telemetry.guard().swallowed("connection open", failure);
            return connection;
        }
    }

    @Override
    public void failed(Throwable failure) {
        telemetry.connectionFailed(failure);
    }

    @Override
    public boolean isEnded() {
        return telemetry.isEnded();
    }
}
