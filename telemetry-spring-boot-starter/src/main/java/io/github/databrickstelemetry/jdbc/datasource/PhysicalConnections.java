package io.github.databrickstelemetry.jdbc.datasource;

import io.github.databrickstelemetry.jdbc.InstrumentedConnection;
import io.github.databrickstelemetry.jdbc.SessionTelemetry;
import java.sql.Connection;
import org.jspecify.annotations.Nullable;

/** Below a pool, where every connection that is opened is a physical one, and so a session. */
final class PhysicalConnections implements ConnectionInstrumentation {

    private final DataSourceTelemetry source;

    PhysicalConnections(DataSourceTelemetry source) {
        this.source = source;
    }

    @Override
    public @Nullable Connection opened(@Nullable Connection connection, long startNanos) {
        if (connection == null || connection instanceof InstrumentedConnection) {
            return connection;
        }
        try {
            SessionTelemetry session = source.sessionOpened(connection, System.nanoTime() - startNanos);
            return session == null ? connection : new InstrumentedConnection(connection, session, session);
        } catch (Throwable failure) {
            source.guard().swallowed("connection open", failure);
            return connection;
        }
    }

    @Override
    public void failed(Throwable failure) {
        source.connectionFailed(failure);
    }
}
