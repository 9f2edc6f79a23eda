package io.github.databrickstelemetry.jdbc.datasource;

import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.jdbc.InstrumentedConnection;
import io.github.databrickstelemetry.jdbc.SessionTelemetry;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.sql.PooledConnection;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/**
 * Telemetry from outside a pool, where each connection is a borrow: sessions are recognised by the physical connection
 * behind. A session is seen with its first use. It ends when its connection is closed as a borrow is given back, when the
 * connection was collected, or when the pool's bean is destroyed. A data source that does not pool gives out physical
 * connections, whose close is the session's end. Thread-safe.
 *
 * <p>No connection but the borrowed one is ever asked anything: one that hangs would block others.
 */
final class OutsideTelemetry extends DataSourceTelemetry {

    /** A pool's wrapper around a wrapper is common, more than this is a cycle. */
    private static final int MAX_DEPTH = 8;

    /**
     * Commons DBCP's wrappers answer {@code unwrap(Connection.class)} with themselves; this method of theirs reaches the
     * driver's connection.
     */
    private static final ClassValue<Optional<Method>> INNERMOST = new ClassValue<>() {
        @Override
        protected Optional<Method> computeValue(Class<?> type) {
            return Optional.ofNullable(ClassUtils.getMethodIfAvailable(type, "getInnermostDelegateInternal"));
        }
    };

    /** By the session's one object: the driver's connection, or the driver's pooled connection. */
    private final WeakMap<Object, SessionTelemetry> byConnection =
            new WeakMap<>(guard, collected -> collected.closed(0));

    OutsideTelemetry(
            DataSourceDescription description,
            Supplier<? extends @Nullable TelemetryClientProvider> clients,
            Guard guard) {
        super(description, clients, guard);
    }

    @Override
    Connection instrumented(Connection connection, long latencyNanos) throws Exception {
        Connection physical = physical(connection);
        SessionTelemetry session = session(physical, physical, latencyNanos);
        if (session == null || physical != connection) {
            return borrowed(connection, physical, session);
        }
        return InstrumentedConnection.castable(
                connection, session, closeNanos -> endIfClosed(physical, session, closeNanos));
    }

    /**
     * A pooled connection gave out a handle: the pooled connection is the physical one, and so the session. Returns the
     * handle to give to the caller: an instrumented one, or the very same.
     */
    @Nullable
    Connection handle(PooledConnection pooled, @Nullable Connection handle, long startNanos) {
        if (handle == null || InstrumentedConnection.isInstrumented(handle)) {
            return handle;
        }
        try {
            return borrowed(handle, null, session(pooled, handle, System.nanoTime() - startNanos));
        } catch (Throwable failure) {
            guard.swallowed("connection borrow", failure);
            return handle;
        }
    }

    private Connection borrowed(
            Connection connection, @Nullable Connection physical, @Nullable SessionTelemetry session) {
        if (session == null) {
            return connection;
        }
        session.borrowed();
        AtomicBoolean returned = new AtomicBoolean();
        return new InstrumentedConnection(connection, session, closeNanos -> {
            if (!endIfClosed(physical, session, closeNanos) && returned.compareAndSet(false, true)) {
                session.returned();
            }
        });
    }

    /** A connection was closed or given back: its session ends if the driver's connection is closed, too. */
    private boolean endIfClosed(@Nullable Connection physical, SessionTelemetry session, long closeNanos)
            throws SQLException {
        if (physical == null || !physical.isClosed()) {
            return false;
        }
        session.closed(closeNanos);
        byConnection.remove(physical);
        return true;
    }

    private @Nullable SessionTelemetry session(Object key, Connection connection, long latencyNanos) {
        SessionTelemetry known = open(key);
        if (known != null) {
            return known;
        }
        synchronized (byConnection) {
            known = open(key);
            if (known == null) {
                known = sessionOpened(connection, latencyNanos);
                if (known != null) {
                    byConnection.put(key, known);
                }
            }
            return known;
        }
    }

    private @Nullable SessionTelemetry open(Object key) {
        SessionTelemetry known = byConnection.get(key);
        return known == null || known.isClosed() ? null : known;
    }

    /** A pooled connection was closed, which took so long. */
    void closed(PooledConnection pooled, long latencyNanos) {
        SessionTelemetry session = byConnection.remove(pooled);
        if (session != null) {
            session.closed(latencyNanos);
        }
    }

    /** Idle sessions end now, as the pool closes its connections unseen, and others with their use. */
    @Override
    void end() {
        super.end();
        openSessions().forEach(SessionTelemetry::end);
    }

    /** Sessions that are recognised by their connection. */
    long knownSessions() {
        return byConnection.size();
    }

    /** The driver's connection behind a borrowed one, which tells one session from another. */
    private Connection physical(Connection borrowed) throws Exception {
        Connection own = known(borrowed);
        if (own != null) {
            return own;
        }
        Connection found = innermost(borrowed);
        own = found == borrowed ? null : known(found);
        return own == null ? found : own;
    }

    private @Nullable Connection known(Connection connection) {
        return guard.get("physical connection", () -> description.adapter().physical(connection));
    }

    /** The connection behind the wrappers of pools, or the given one if none is found. */
    private static Connection innermost(Connection connection) throws Exception {
        Connection found = connection;
        for (int depth = 0; depth < MAX_DEPTH; depth++) {
            Optional<Method> innermost = INNERMOST.get(found.getClass());
            Connection next = innermost.isPresent() && innermost.get().invoke(found) instanceof Connection inner
                    ? inner
                    : found.unwrap(Connection.class);
            if (next == null || next == found) {
                break;
            }
            found = next;
        }
        return found;
    }
}
