package io.github.databrickstelemetry.jdbc.datasource;

import io.github.databrickstelemetry.jdbc.ConnectionEnd;
import io.github.databrickstelemetry.jdbc.InstrumentedConnection;
import io.github.databrickstelemetry.jdbc.SessionTelemetry;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
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

    private static final int MAX_SESSIONS_BY_ID = 1_000;

    private final DataSourceTelemetry telemetry;
    private final WeakIdentityMap<Connection, SessionTelemetry> sessions = new WeakIdentityMap<>();

    /** Sessions that are only seen through a pool's proxy, which is another object for each borrow. */
    private final Map<String, SessionTelemetry> sessionsById = new LinkedHashMap<>(16, 0.75f, true);

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
            Connection physical = physical(connection);
            String id = Proxy.isProxyClass(physical.getClass()) ? telemetry.sessionId(physical) : null;
            SessionTelemetry session =
                    id == null ? session(physical, latencyNanos) : session(id, physical, latencyNanos);
            if (session == null) {
                return connection;
            }
            boolean pooled = id != null || physical != connection;
            if (pooled) {
                session.borrowed();
            }
            Borrow borrow = new Borrow(id == null ? physical : null, pooled, session);
            return pooled
                    ? new InstrumentedConnection(connection, session, borrow)
                    : InstrumentedConnection.castable(connection, session, borrow);
        } catch (Throwable failure) {
            telemetry.guard().swallowed("connection borrow", failure);
            return connection;
        }
    }

    private @Nullable SessionTelemetry session(Connection physical, long latencyNanos) {
        SessionTelemetry known = sessions.get(physical);
        if (known != null && !known.isClosed()) {
            return known;
        }
        sessions.removeCollected().forEach(collected -> collected.closed(0));
        sessions.remove(physical);
        SessionTelemetry opened = telemetry.sessionOpened(physical, latencyNanos);
        if (opened != null) {
            sessions.putIfAbsent(physical, opened);
        }
        return opened;
    }

    private @Nullable SessionTelemetry session(String id, Connection proxy, long latencyNanos) {
        SessionTelemetry forgotten = null;
        SessionTelemetry session;
        synchronized (sessionsById) {
            session = sessionsById.get(id);
            if (session == null || session.isClosed()) {
                session = telemetry.sessionOpened(proxy, latencyNanos);
                if (session != null) {
                    sessionsById.put(id, session);
                }
                if (sessionsById.size() > MAX_SESSIONS_BY_ID) {
                    forgotten =
                            sessionsById.remove(sessionsById.keySet().iterator().next());
                }
            }
        }
        if (forgotten != null) {
            forgotten.end();
        }
        return session;
    }

    @Override
    public void failed(Throwable failure) {
        telemetry.connectionFailed(failure);
    }

    @Override
    public Connection physical(Connection connection) {
        try {
            return telemetry.physical(connection);
        } catch (Throwable failure) {
            telemetry.guard().swallowed("physical connection", failure);
            return connection;
        }
    }

    @Override
    public void closed(Connection physical, long latencyNanos) {
        try {
            SessionTelemetry session = sessions.get(physical);
            if (session != null && physical.isClosed()) {
                session.closed(latencyNanos);
                sessions.remove(physical);
            }
        } catch (Throwable failure) {
            telemetry.guard().swallowed("connection close", failure);
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
    private final class Borrow implements ConnectionEnd {

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
