package io.github.databrickstelemetry.standin;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The sessions and statements of the workspace, and the answers to statements. Thread-safe. */
final class Warehouse {

    private static final int STATEMENTS_KEPT = 2_000;
    /** How long a database may run before the driver has to poll. */
    private static final long WAIT_MILLIS = 1_000;

    private final Executor threads;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final Set<String> openSessions = ConcurrentHashMap.newKeySet();
    private final Map<String, DatabaseSession> databaseSessions = new ConcurrentHashMap<>();
    private final List<String> sessions = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<String, ServerStatement> statements = new LinkedHashMap<>();
    private long statementsRun;
    private volatile @Nullable DatabaseOf database;

    private record DatabaseOf(String catalog, Database database) {}

    /** A warehouse whose databases run statements on these threads. */
    Warehouse(Executor threads) {
        this.threads = threads;
    }

    void answer(String sql, Answer answer) {
        answers.put(sql, answer);
    }

    void answerFrom(String catalog, Database source) {
        database = new DatabaseOf(catalog, source);
    }

    List<String> sessions() {
        synchronized (sessions) {
            return List.copyOf(sessions);
        }
    }

    boolean isOpen(String sessionId) {
        return openSessions.contains(sessionId);
    }

    List<ServerStatement> statements() {
        synchronized (statements) {
            return List.copyOf(statements.values());
        }
    }

    @Nullable
    ServerStatement statement(String id) {
        synchronized (statements) {
            return statements.get(id);
        }
    }

    long statementsRun() {
        synchronized (statements) {
            return statementsRun;
        }
    }

    void restartIds() {
        ids.set(0);
    }

    UUID openSession(String schema) {
        UUID id = new UUID(0x01ef_5e55_0000_1000L, 0x8000_0000_0000_0000L | ids.incrementAndGet());
        DatabaseOf source = database;
        if (source != null) {
            try {
                databaseSessions.put(
                        id.toString(), new DatabaseSession(source.catalog, source.database.connect(schema), threads));
            } catch (SQLException e) {
                throw new RefusedException(new Answer.Refused(400, "BAD_REQUEST", "There is no schema " + schema));
            }
        }
        sessions.add(id.toString());
        openSessions.add(id.toString());
        return id;
    }

    void closeSession(String id) {
        openSessions.remove(id);
        DatabaseSession session = databaseSessions.remove(id);
        if (session != null) {
            session.close();
        }
    }

    ServerStatement run(StatementRequest request) throws InterruptedException {
        if (!isOpen(request.sessionId())) {
            throw RefusedException.notFound("Session " + request.sessionId());
        }
        Answer answer = answers.get(request.sql());
        DatabaseSession session = databaseSessions.get(request.sessionId());
        if (answer == null && session != null) {
            DatabaseSession.Running running = session.submit(request);
            ServerStatement statement =
                    add(request.sessionId(), request.sql(), new Answer.Pending(running.later()), request.lz4());
            statement.onCancel(running.cancel());
            statement.await(WAIT_MILLIS);
            return statement;
        }
        if (answer instanceof Answer.Refused refused) {
            throw new RefusedException(refused);
        }
        return add(request.sessionId(), request.sql(), answer == null ? usual(request.sql()) : answer, request.lz4());
    }

    private static Answer usual(String sql) {
        String start = sql.strip().toUpperCase(Locale.ROOT);
        if (start.startsWith("SHOW")) {
            return Answer.numbers(0);
        }
        if (start.startsWith("SELECT")) {
            return Answer.numbers(1);
        }
        boolean update = start.startsWith("INSERT")
                || start.startsWith("UPDATE")
                || start.startsWith("DELETE")
                || start.startsWith("MERGE");
        return update ? new Answer.Updated(1) : new Answer.Done();
    }

    ServerStatement add(String sessionId, String sql, Answer answer, boolean lz4) {
        UUID id = new UUID(0x01ef_57a7_0000_1000L, 0x8000_0000_0000_0000L | ids.incrementAndGet());
        ServerStatement statement = new ServerStatement(id, sessionId, sql, answer, lz4);
        synchronized (statements) {
            statementsRun++;
            // A restarted id is a new statement.
            statements.remove(statement.id());
            statements.put(statement.id(), statement);
            if (statements.size() > STATEMENTS_KEPT) {
                var eldest = statements.values().iterator();
                eldest.next().cancel();
                eldest.remove();
            }
        }
        return statement;
    }

    /** Cancels what runs and closes the databases' connections. */
    void close() {
        statements().forEach(ServerStatement::cancel);
        databaseSessions.values().forEach(DatabaseSession::close);
        databaseSessions.clear();
    }
}
