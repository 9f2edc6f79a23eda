package io.github.databrickstelemetry.jdbc.datasource;

import io.github.databrickstelemetry.jdbc.InstrumentedConnection;
import io.github.databrickstelemetry.jdbc.SessionTelemetry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.PooledConnection;
import org.jspecify.annotations.Nullable;

/**
 * Connections seen from outside a pool, where each is a borrow: sessions are recognised by the physical connection behind.
 * A session is seen with its first use. It ends when its connection is closed as a borrow is given back, when the
 * connection was collected, or when the pool's bean is destroyed. A data source that does not pool gives out physical
 * connections, whose close is the session's end. Thread-safe.
 *
 * <p>No connection but the borrowed one is ever asked anything: one that hangs would block others.
 */
final class PooledConnections implements ConnectionInstrumentation {

    private final DataSourceTelemetry telemetry;
    private final WeakIdentityMap<Object, SessionTelemetry> sessions = new WeakIdentityMap<>();

    PooledConnections(DataSourceTelemetry telemetry) {
        this.telemetry = telemetry;
    }

    DataSourceTelemetry telemetry() {
        return telemetry;
    }

    @Override
    public @Nullable Connection opened(@Nullable Connection connection, long startNanos) {
        if (connection == null || InstrumentedConnection.isInstrumented(connection)) {
            return connection;
        }
        try {
            long latencyNanos = System.nanoTime() - startNanos;
            Connection physical = telemetry.physical(connection);
            SessionTelemetry session = session(physical, physical, latencyNanos);
            if (physical != connection) {
                return borrowed(connection, physical, session);
            }
            return session == null
                    ? connection
                    : InstrumentedConnection.castable(connection, session, new Borrow(physical, false, session));
        } catch (Throwable failure) {
            telemetry.guard().swallowed("connection borrow", failure);
            return connection;
        }
    }

    @Override
    public @Nullable Connection handle(PooledConnection pooled, @Nullable Connection handle, long startNanos) {
        if (handle == null || InstrumentedConnection.isInstrumented(handle)) {
            return handle;
        }
        try {
            return borrowed(handle, null, session(pooled, handle, System.nanoTime() - startNanos));
        } catch (Throwable failure) {
            telemetry.guard().swallowed("connection borrow", failure);
            return handle;
        }
    }

    private Connection borrowed(
            Connection connection, @Nullable Connection physical, @Nullable SessionTelemetry session) {
        if (session == null) {
            return connection;
        }
        session.borrowed();
        return new InstrumentedConnection(connection, session, new Borrow(physical, true, session));
    }

    /** @param key the session's one object: the driver's connection, or the driver's pooled connection */
    private @Nullable SessionTelemetry session(Object key, Connection connection, long latencyNanos) {
        SessionTelemetry known = sessions.get(key);
        if (known != null && !known.isClosed()) {
            return known;
        }
        synchronized (sessions) {
            known = sessions.get(key);
            if (known != null && !known.isClosed()) {
                return known;
            }
            sessions.removeCollected().forEach(collected -> collected.closed(0));
            sessions.remove(key);
            SessionTelemetry opened = telemetry.sessionOpened(connection, latencyNanos);
            if (opened != null) {
                sessions.putIfAbsent(key, opened);
            }
            return opened;
        }
    }

    @Override
    public void failed(Throwable failure) {
        telemetry.failed(failure);
    }

    @Override
    public void closed(PooledConnection pooled, long latencyNanos) {
        SessionTelemetry session = sessions.remove(pooled);
        if (session != null) {
            session.closed(latencyNanos);
        }
    }

    @Override
    public boolean isEnded() {
        return telemetry.isEnded();
    }

    /** Sessions that are recognised by their connection. */
    int knownSessions() {
        return sessions.size();
    }

    /** From a connection's borrow to its return; without a pool, from its opening to its close. */
    private final class Borrow implements InstrumentedConnection.End {

        private final @Nullable Connection physical;
        private final boolean pooled;
        private final SessionTelemetry session;
        private final AtomicBoolean returned = new AtomicBoolean();

        Borrow(@Nullable Connection physical, boolean pooled, SessionTelemetry session) {
            this.physical = physical;
            this.pooled = pooled;
            this.session = session;
        }

        @Override
        public void closed(long latencyNanos) throws SQLException {
            if (physical != null && physical.isClosed()) {
                session.closed(latencyNanos);
                sessions.remove(physical);
            } else if (pooled && returned.compareAndSet(false, true)) {
                session.returned();
            }
        }
    }
}
