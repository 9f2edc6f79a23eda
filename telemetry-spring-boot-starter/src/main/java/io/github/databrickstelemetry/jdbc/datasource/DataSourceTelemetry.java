package io.github.databrickstelemetry.jdbc.datasource;

import io.github.databrickstelemetry.client.TelemetryClient;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.event.LocalDetails;
import io.github.databrickstelemetry.event.TelemetrySession;
import io.github.databrickstelemetry.jdbc.InstrumentedConnection;
import io.github.databrickstelemetry.jdbc.LocalContext;
import io.github.databrickstelemetry.jdbc.SessionTelemetry;
import io.github.databrickstelemetry.runtime.internal.Guard;
import java.sql.Connection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The telemetry of one physical data source: its one reference to a client, and its open sessions. Below a pool each
 * connection is a physical one, and so a session. Thread-safe. Does not hold the data source.
 *
 * <p>The reference is taken with the first connection and given back once the data source is ending and its last
 * session has closed, so that a pool's own closing is still reported.
 */
class DataSourceTelemetry {

    /** A client, and the provider that it is given back to. */
    record Held(TelemetryClient client, TelemetryClientProvider provider) {}

    private static final int MAX_EARLY_FAILURES = 16;

    final DataSourceDescription description;
    final Guard guard;
    private final Supplier<? extends @Nullable TelemetryClientProvider> clients;
    private final AtomicReference<@Nullable Held> held = new AtomicReference<>();

    /**
     * By a key of its own, because the callback of a session is made before the session. Empty while the session is being
     * opened, so that the reference is not given back meanwhile. In an IdentityHashMap, because a put that fails for lack of
     * memory leaves its size right.
     */
    private final Map<Object, Optional<SessionTelemetry>> sessions =
            Collections.synchronizedMap(new IdentityHashMap<>());

    /** Failures to connect before the first connection. */
    private final Queue<Throwable> earlyFailures = new ArrayBlockingQueue<>(MAX_EARLY_FAILURES);

    private boolean ending;

    /** @param clients asked with the first connection, so that no bean is created early */
    DataSourceTelemetry(
            DataSourceDescription description,
            Supplier<? extends @Nullable TelemetryClientProvider> clients,
            Guard guard) {
        this.description = description;
        this.clients = clients;
        this.guard = guard;
    }

    /** Its reference to a client, or null while it has none; does not hold this object. */
    AtomicReference<@Nullable Held> held() {
        return held;
    }

    /**
     * A connection was opened or borrowed, by a call that started at this {@link System#nanoTime()}. Returns the one to give
     * to the caller: an instrumented one, or the very same. Null where a data source answers with null.
     */
    final @Nullable Connection opened(@Nullable Connection connection, long startNanos) {
        if (connection == null || InstrumentedConnection.isInstrumented(connection)) {
            return connection;
        }
        try {
            return instrumented(connection, System.nanoTime() - startNanos);
        } catch (Throwable failure) {
            guard.swallowed("connection open", failure);
            return connection;
        }
    }

    /** The connection, instrumented if it can be. */
    Connection instrumented(Connection connection, long latencyNanos) throws Exception {
        SessionTelemetry session = sessionOpened(connection, latencyNanos);
        return session == null ? connection : new InstrumentedConnection(connection, session, session);
    }

    /**
     * A physical connection was opened, or is seen for the first time. Null where there are no clients. Throws what goes
     * wrong.
     */
    final @Nullable SessionTelemetry sessionOpened(Connection physical, long latencyNanos) {
        Object key = new Object();
        try {
            TelemetryClient client = clientForSession(key);
            if (client == null) {
                return null;
            }
            for (Throwable early = earlyFailures.poll(); early != null; early = earlyFailures.poll()) {
                reportFailure(client, early);
            }
            String sessionId =
                    guard.get("session id", () -> description.adapter().sessionId(physical));
            TelemetrySession opened = client.emitter().connectionOpen(sessionId, description.details(), latencyNanos);
            SessionTelemetry session = new SessionTelemetry(
                    client.emitter(),
                    opened,
                    description.adapter(),
                    new LocalDetails(description.local(), 0, null, null),
                    context(),
                    guard,
                    () -> sessionClosed(key));
            sessions.put(key, Optional.of(session));
            return session;
        } catch (Throwable failure) {
            sessionClosed(key);
            throw failure;
        }
    }

    private LocalContext context() {
        LocalContext context = guard.get("local context", description.context()::get);
        return context == null ? LocalContext.NONE : context;
    }

    /**
     * An attempt to connect failed. Before the first connection nothing may be sent to the host, as the driver may have
     * refused it: such failures wait, the first {@value #MAX_EARLY_FAILURES} of them. The application's own tools get each
     * at once.
     */
    final void failed(Throwable cause) {
        guard.run("connection failure", () -> {
            context().connectionFailed().accept(cause);
            Held current = held.get();
            if (current != null) {
                reportFailure(current.client(), cause);
            } else if (!isEnded()) {
                earlyFailures.offer(cause);
            }
        });
    }

    private void reportFailure(TelemetryClient client, Throwable cause) {
        client.emitter().connectionFailed(description.details(), cause);
    }

    private void sessionClosed(Object key) {
        sessions.remove(key);
        releaseIfOver();
    }

    /** Its bean is about to be destroyed, and closes its connections. */
    void end() {
        synchronized (this) {
            ending = true;
        }
        earlyFailures.clear();
        releaseIfOver();
    }

    /** The last moment to report: sessions that are still open are reported as closed. */
    final void close() {
        end();
        openSessions().forEach(session -> session.closed(0));
    }

    final List<SessionTelemetry> openSessions() {
        return List.copyOf(sessions.values()).stream().flatMap(Optional::stream).toList();
    }

    /** Whether it reports nothing new, so that others may instrument the data source anew. */
    final synchronized boolean isEnded() {
        return ending;
    }

    /** Called after a connection was opened: before that there is no client, so nothing is sent to the host. */
    private synchronized @Nullable TelemetryClient clientForSession(Object key) {
        Held current = held.get();
        if (current == null) {
            TelemetryClientProvider provider = clients.get();
            if (provider == null) {
                return null;
            }
            current = new Held(provider.acquire(description.target().get()), provider);
            held.set(current);
        }
        sessions.put(key, Optional.empty());
        return current.client();
    }

    /** Under the lock, so that no session is opened with a client that is given back. */
    private synchronized void releaseIfOver() {
        if (ending && sessions.isEmpty()) {
            release(held, guard);
        }
    }

    /** Gives the reference back, if there is one. */
    static void release(AtomicReference<@Nullable Held> held, Guard guard) {
        Held released = held.getAndSet(null);
        if (released != null) {
            guard.run("client release", () -> released.provider().release(released.client()));
        }
    }
}
