package io.github.databrickstelemetry.jdbc.datasource;

import io.github.databrickstelemetry.jdbc.ConnectionEnd;
import io.github.databrickstelemetry.jdbc.InstrumentedConnection;
import io.github.databrickstelemetry.jdbc.SessionTelemetry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Outside a pool, where a connection is a borrow: sessions are recognised by the physical connection behind it. A
 * session is seen with its first use; it ends when the physical connection is found closed as a borrow is given back or
 * another session begins, when it was collected, or when the pool's bean is destroyed. A data source that does not pool
 * gives out physical connections, whose close is the session's end.
 */
final class PooledConnections implements ConnectionInstrumentation {

    private final DataSourceTelemetry source;
    private final WeakIdentityMap<Connection, SessionTelemetry> sessions = new WeakIdentityMap<>();

    PooledConnections(DataSourceTelemetry source) {
        this.source = source;
    }

    @Override
    public @Nullable Connection opened(@Nullable Connection connection, long startNanos) {
        if (connection == null || connection instanceof InstrumentedConnection) {
            return connection;
        }
        try {
            long latencyNanos = System.nanoTime() - startNanos;
            Connection physical = source.physical(connection);
            SessionTelemetry session = sessions.get(physical);
            if (session == null) {
                endClosedSessions();
                session = source.sessionOpened(physical, latencyNanos);
                if (session == null) {
                    return connection;
                }
                sessions.putIfAbsent(physical, session);
            }
            boolean pooled = physical != connection;
            if (pooled) {
                session.borrowed();
            }
            return new InstrumentedConnection(connection, session, new Borrow(physical, pooled, session));
        } catch (Throwable failure) {
            source.guard().swallowed("connection borrow", failure);
            return connection;
        }
    }

    @Override
    public void failed(Throwable failure) {
        source.connectionFailed(failure);
    }

    /** The pool is about to be closed. Sessions that are still in use end with their use. */
    void end() {
        try {
            sessions.removeIf((physical, session) -> {
                session.end();
                return true;
            });
            sessions.removeCollected().forEach(session -> session.closed(0));
        } catch (Throwable failure) {
            source.guard().swallowed("data source end", failure);
        }
        source.end();
    }

    /** Sessions that are known to be open. */
    int openSessions() {
        return sessions.size();
    }

    private void endClosedSessions() {
        if (sessions.size() == 0) {
            return;
        }
        sessions.removeCollected().forEach(session -> session.closed(0));
        sessions.removeIf((physical, session) -> {
            if (session.isClosed()) {
                return true;
            }
            if (!isClosed(physical)) {
                return false;
            }
            session.closed(0);
            return true;
        });
    }

    private boolean isClosed(Connection physical) {
        try {
            return physical.isClosed();
        } catch (SQLException | RuntimeException failure) {
            source.guard().swallowed("closed check", failure);
            return true;
        }
    }

    /** From a connection's borrow to its return; without a pool, from its opening to its close. */
    private final class Borrow implements ConnectionEnd {

        private final Connection physical;
        private final boolean pooled;
        private final SessionTelemetry session;
        private final AtomicBoolean returned = new AtomicBoolean();

        Borrow(Connection physical, boolean pooled, SessionTelemetry session) {
            this.physical = physical;
            this.pooled = pooled;
            this.session = session;
        }

        @Override
        public void closed(long latencyNanos) throws SQLException {
            if (physical.isClosed()) {
                session.closed(latencyNanos);
                if (!pooled) {
                    sessions.remove(physical);
                }
            } else if (pooled && returned.compareAndSet(false, true)) {
                session.returned();
            }
        }
    }
}
