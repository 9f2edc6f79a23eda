package io.github.databrickstelemetry.jdbc.datasource;

import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.event.LocalDetails;
import io.github.databrickstelemetry.event.TelemetryEventEmitter;
import io.github.databrickstelemetry.event.TelemetrySession;
import io.github.databrickstelemetry.jdbc.LocalContext;
import io.github.databrickstelemetry.jdbc.SessionTelemetry;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.sql.Connection;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One physical data source under observation: its one reference to a client, and how many of its sessions are open.
 * Thread-safe; never throws.
 *
 * <p>The reference is taken with the first connection and given back once the data source is ending and its last
 * session has closed, so that a pool's own closing is still reported.
 */
final class DataSourceTelemetry {

    private final DataSourceDescription observed;
    private final TelemetryClientProvider clients;
    private final Guard guard;

    private final AtomicReference<@Nullable TelemetryClient> client = new AtomicReference<>();
    private int openSessions;
    private boolean ending;

    DataSourceTelemetry(DataSourceDescription observed, TelemetryClientProvider clients, Guard guard) {
        this.observed = observed;
        this.clients = clients;
        this.guard = guard;
    }

    Guard guard() {
        return guard;
    }

    /** Its reference to a client, or null while it has none; does not hold the data source. */
    AtomicReference<@Nullable TelemetryClient> client() {
        return client;
    }

    /** A physical connection was opened, or is seen for the first time. Null when it cannot be observed. */
    @Nullable
    SessionTelemetry sessionOpened(Connection physical, long latencyNanos) {
        boolean counted = false;
        try {
            TelemetryEventEmitter emitter = client(true).emitter();
            counted = true;
            TelemetrySession session = emitter.connectionOpen(
                    sessionId(physical), observed.details().get(), latencyNanos);
            return new SessionTelemetry(
                    emitter,
                    session,
                    observed.adapter(),
                    new LocalDetails(observed.local(), 0, null, null),
                    context(),
                    guard,
                    this::sessionClosed);
        } catch (Throwable failure) {
            guard.swallowed("connection open", failure);
            if (counted) {
                sessionClosed();
            }
            return null;
        }
    }

    private LocalContext context() {
        try {
            return observed.context().get();
        } catch (Throwable failure) {
            guard.swallowed("local context", failure);
            return LocalContext.NONE;
        }
    }

    private @Nullable String sessionId(Connection physical) {
        try {
            return observed.adapter().sessionId(physical);
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
            return observed.adapter().physical(connection);
        } catch (Throwable failure) {
            guard.swallowed("physical connection", failure);
            return null;
        }
    }

    /** An attempt to connect failed. */
    void connectionFailed(Throwable cause) {
        try {
            client(false).emitter().connectionFailed(observed.details().get(), cause);
        } catch (Throwable failure) {
            guard.swallowed("connection failure", failure);
        }
        // A pool that has ended may still try: it must not take the reference for good.
        releaseIfOver();
    }

    /** One of its sessions has closed. */
    void sessionClosed() {
        synchronized (this) {
            openSessions--;
        }
        releaseIfOver();
    }

    /** Its bean is about to be destroyed. */
    void end() {
        synchronized (this) {
            ending = true;
        }
        releaseIfOver();
    }

    private synchronized TelemetryClient client(boolean forSession) {
        TelemetryClient current = client.get();
        if (current == null) {
            current = clients.acquire(observed.target().get());
            client.set(current);
        }
        if (forSession) {
            openSessions++;
        }
        return current;
    }

    private void releaseIfOver() {
        TelemetryClient released;
        synchronized (this) {
            if (!ending || openSessions > 0) {
                return;
            }
            released = client.getAndSet(null);
        }
        if (released != null) {
            try {
                clients.release(released);
            } catch (Throwable failure) {
                guard.swallowed("client release", failure);
            }
        }
    }
}
