package io.github.databrickstelemetry.jdbc.datasource;

import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.event.LocalDetails;
import io.github.databrickstelemetry.event.TelemetryEventEmitter;
import io.github.databrickstelemetry.event.TelemetrySession;
import io.github.databrickstelemetry.jdbc.InstrumentedConnection;
import io.github.databrickstelemetry.jdbc.LocalContext;
import io.github.databrickstelemetry.jdbc.SessionTelemetry;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The telemetry of one physical data source: its one reference to a client, and its open sessions. Below a pool each
 * connection is a physical one, and so a session. Thread-safe; never throws. Does not hold the data source.
 *
 * <p>The reference is taken with the first connection and given back once the data source is ending and its last
 * session has closed, so that a pool's own closing is still reported.
 */
final class DataSourceTelemetry implements ConnectionInstrumentation {

    /** A client, and the provider that it is given back to. */
    record Held(TelemetryClient client, TelemetryClientProvider provider) {}

    private static final int MAX_EARLY_FAILURES = 16;

    private final DataSourceDescription description;
    private final boolean outside;
    private final Supplier<? extends @Nullable TelemetryClientProvider> clients;
    private final Guard guard;

    private final AtomicReference<@Nullable Held> held = new AtomicReference<>();

    /** By a key of its own, because the callback of a session is made before the session. */
    private final Map<Object, SessionTelemetry> sessions = new ConcurrentHashMap<>();

    /** Failures to connect before the first connection; guarded by this. */
    private final List<Throwable> earlyFailures = new ArrayList<>();

    private int openSessions;
    private boolean ending;

    /**
     * @param outside whether it is seen from outside a pool, which then closes its connections unseen
     * @param clients asked with the first connection, so that no bean is created early
     */
    DataSourceTelemetry(
            DataSourceDescription description,
            boolean outside,
            Supplier<? extends @Nullable TelemetryClientProvider> clients,
            Guard guard) {
        this.description = description;
        this.outside = outside;
        this.clients = clients;
        this.guard = guard;
    }

    Guard guard() {
        return guard;
    }

    /** Its reference to a client, or null while it has none; does not hold this object. */
    AtomicReference<@Nullable Held> held() {
        return held;
    }

    @Override
    public @Nullable Connection opened(@Nullable Connection connection, long startNanos) {
        if (connection == null || InstrumentedConnection.isInstrumented(connection)) {
            return connection;
        }
        try {
            SessionTelemetry session = sessionOpened(connection, System.nanoTime() - startNanos);
            return session == null ? connection : new InstrumentedConnection(connection, session, session);
        } catch (Throwable failure) {
            guard.swallowed("connection open", failure);
            return connection;
        }
    }

    /** A physical connection was opened, or is seen for the first time. Null when it cannot be instrumented. */
    @Nullable
    SessionTelemetry sessionOpened(Connection physical, long latencyNanos) {
        boolean counted = false;
        try {
            TelemetryClient acquired = clientForSession();
            if (acquired == null) {
                return null;
            }
            counted = true;
            TelemetryEventEmitter emitter = acquired.emitter();
            takeEarlyFailures().forEach(failure -> reportFailure(acquired, failure));
            TelemetrySession opened = emitter.connectionOpen(
                    sessionId(physical), description.details().get(), latencyNanos);
            Object key = new Object();
            SessionTelemetry session = new SessionTelemetry(
                    emitter,
                    opened,
                    description.adapter(),
                    new LocalDetails(description.local(), 0, null, null),
                    context(),
                    guard,
                    () -> sessionClosed(key));
            sessions.put(key, session);
            return session;
        } catch (Throwable failure) {
            guard.swallowed("connection open", failure);
            if (counted) {
                sessionClosed(this);
            }
            return null;
        }
    }

    private LocalContext context() {
        try {
            return description.context().get();
        } catch (Throwable failure) {
            guard.swallowed("local context", failure);
            return LocalContext.NONE;
        }
    }

    /** The server's id of a session, or null if the driver does not show it. */
    private @Nullable String sessionId(Connection connection) {
        try {
            return description.adapter().sessionId(connection);
        } catch (Throwable failure) {
            guard.swallowed("session id", failure);
            return null;
        }
    }

    /** The driver's connection behind a borrowed one, which tells one session from another. */
    Connection physical(Connection borrowed) throws Exception {
        Connection own = known(borrowed);
        if (own == null) {
            Connection found = PhysicalConnection.behind(borrowed);
            own = found == borrowed ? null : known(found);
            return own == null ? found : own;
        }
        return own;
    }

    private @Nullable Connection known(Connection connection) {
        try {
            return description.adapter().physical(connection);
        } catch (Throwable failure) {
            guard.swallowed("physical connection", failure);
            return null;
        }
    }

    /**
     * An attempt to connect failed. Before the first connection nothing may be sent to the host, as the driver may have
     * refused it: such failures wait, the first {@value #MAX_EARLY_FAILURES} of them. The application's own tools get each
     * at once.
     */
    @Override
    public void failed(Throwable cause) {
        try {
            context().connectionFailed(cause);
            Held current = held.get();
            if (current != null) {
                reportFailure(current.client(), cause);
            } else {
                keepEarlyFailure(cause);
            }
        } catch (Throwable failure) {
            guard.swallowed("connection failure", failure);
        }
    }

    private void reportFailure(TelemetryClient client, Throwable cause) {
        client.emitter().connectionFailed(description.details().get(), cause);
    }

    private synchronized void keepEarlyFailure(Throwable cause) {
        if (!ending && earlyFailures.size() < MAX_EARLY_FAILURES) {
            earlyFailures.add(cause);
        }
    }

    private synchronized List<Throwable> takeEarlyFailures() {
        List<Throwable> taken = List.copyOf(earlyFailures);
        earlyFailures.clear();
        return taken;
    }

    private void sessionClosed(Object key) {
        sessions.remove(key);
        synchronized (this) {
            openSessions--;
        }
        releaseIfOver();
    }

    /** Its bean is about to be destroyed. Outside a pool, idle sessions end now, and others with their use. */
    void end() {
        synchronized (this) {
            ending = true;
            earlyFailures.clear();
        }
        if (outside) {
            List.copyOf(sessions.values()).forEach(SessionTelemetry::end);
        }
        releaseIfOver();
    }

    /** The last moment to report: sessions that are still open are reported as closed. */
    void close() {
        end();
        List.copyOf(sessions.values()).forEach(session -> session.closed(0));
    }

    @Override
    public synchronized boolean isEnded() {
        return ending;
    }

    private synchronized @Nullable TelemetryClient clientForSession() {
        Held current = held.get();
        if (current == null) {
            TelemetryClientProvider provider = clients.get();
            if (provider == null) {
                return null;
            }
            current = new Held(provider.acquire(description.target().get()), provider);
            held.set(current);
        }
        openSessions++;
        return current.client();
    }

    private void releaseIfOver() {
        synchronized (this) {
            if (!ending || openSessions > 0) {
                return;
            }
        }
        release(held, guard);
    }

    /** Gives the reference back, if there is one. */
    static void release(AtomicReference<@Nullable Held> held, Guard guard) {
        Held released = held.getAndSet(null);
        if (released != null) {
            guard.run("client release", () -> released.provider().release(released.client()));
        }
    }
}
