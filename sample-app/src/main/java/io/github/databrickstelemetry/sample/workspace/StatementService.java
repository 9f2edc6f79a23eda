package io.github.databrickstelemetry.sample.workspace;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The SQL Statement Execution API: sessions and statements. Thread-safe. */
final class StatementService implements AutoCloseable {

    static final String PATH = "/api/2.0/sql/";

    private static final Pattern OPEN_SESSION = Pattern.compile("(?:warehouses/[^/]+/)?sessions/?");
    private static final Pattern CLOSE_SESSION = Pattern.compile("(?:warehouses/[^/]+/)?sessions/([^/]+)/?");
    private static final Pattern STATEMENTS = Pattern.compile("(?:warehouses/[^/]+/sessions/[^/]+/)?statements/?");
    private static final Pattern STATEMENT =
            Pattern.compile("(?:warehouses/[^/]+/sessions/[^/]+/)?statements/([^/]+)(/.*)?");
    private static final Pattern CHUNK = Pattern.compile("/result/chunks/(\\d{1,6})");
    private static final Pattern SECONDS = Pattern.compile("(\\d{1,3})s");

    /** Clients close their statements; what they forget goes when there are more than this. */
    private static final int STATEMENTS_KEPT = 1_000;

    /** Sooner than a real warehouse: the client can only cancel, and only polls, once it has an answer. */
    private static final long MAX_WAIT_MILLIS = 1_000;

    private final SampleData data;
    private final QueryHistory history;
    private final ExecutorService executor;
    private final Map<String, Connection> sessions = new ConcurrentHashMap<>();
    private final Map<String, RunningStatement> statements = new LinkedHashMap<>();

    StatementService(SampleData data, QueryHistory history, ExecutorService executor) {
        this.data = data;
        this.history = history;
        this.executor = executor;
    }

    Answer answer(JsonHandler.Request request) throws InterruptedException {
        String path = request.path().substring(PATH.length());
        Matcher statement = STATEMENT.matcher(path);
        Matcher session = CLOSE_SESSION.matcher(path);
        if (request.method().equals("POST") && STATEMENTS.matcher(path).matches()) {
            return submit(request.body());
        } else if (statement.matches()) {
            String rest = statement.group(2) == null ? "" : statement.group(2);
            return answer(request.method(), statement.group(1), rest);
        } else if (request.method().equals("POST") && OPEN_SESSION.matcher(path).matches()) {
            return open(request.body());
        } else if (request.method().equals("DELETE") && session.matches()) {
            return close(session.group(1));
        }
        return Answer.notFound("Path " + request.path());
    }

    private Answer open(JsonNode body) {
        try {
            String id = UUID.randomUUID().toString();
            sessions.put(id, data.connect(body.path("schema").asText("default")));
            return Answer.ok(Json.object().put("session_id", id));
        } catch (SQLException e) {
            return Answer.error(400, "BAD_REQUEST", "The schema cannot be found");
        }
    }

    private Answer close(String sessionId) {
        Connection connection = sessions.remove(sessionId);
        if (connection == null) {
            return Answer.notFound("Session " + sessionId);
        }
        close(connection);
        return Answer.ok();
    }

    private Answer submit(JsonNode body) throws InterruptedException {
        String sessionId = body.path("session_id").asText();
        Connection connection = sessions.get(sessionId);
        if (connection == null) {
            return Answer.notFound("Session " + sessionId);
        }
        RunningStatement statement = new RunningStatement(
                UUID.randomUUID().toString(),
                sessionId,
                connection,
                body.path("statement").asText(),
                body.path("parameters"),
                history);
        remember(statement);
        executor.execute(statement);
        Matcher wait = SECONDS.matcher(body.path("wait_timeout").asText("10s"));
        long seconds = wait.matches() ? Long.parseLong(wait.group(1)) : 0;
        statement.await(Math.min(seconds * 1_000, MAX_WAIT_MILLIS));
        return Answer.ok(statement.describe());
    }

    private Answer answer(String method, String id, String rest) {
        RunningStatement statement = find(id);
        if (statement == null) {
            return Answer.notFound("Statement " + id);
        }
        Matcher chunk = CHUNK.matcher(rest);
        if (method.equals("GET") && chunk.matches()) {
            return Answer.ok(statement.chunk(Integer.parseInt(chunk.group(1))));
        } else if (method.equals("GET")) {
            return Answer.ok(statement.describe());
        } else if (method.equals("DELETE")) {
            statement.cancel();
            forget(id);
            return Answer.ok();
        } else if (rest.equals("/cancel")) {
            statement.cancel();
            return Answer.ok();
        }
        return Answer.notFound("Path " + rest);
    }

    private void remember(RunningStatement statement) {
        synchronized (statements) {
            statements.put(statement.id, statement);
            if (statements.size() > STATEMENTS_KEPT) {
                var eldest = statements.values().iterator();
                eldest.next().cancel();
                eldest.remove();
            }
        }
    }

    private @Nullable RunningStatement find(String id) {
        synchronized (statements) {
            return statements.get(id);
        }
    }

    private void forget(String id) {
        synchronized (statements) {
            statements.remove(id);
        }
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // The session ends all the same.
        }
    }

    @Override
    public void close() {
        synchronized (statements) {
            statements.values().forEach(RunningStatement::cancel);
            statements.clear();
        }
        sessions.values().forEach(StatementService::close);
        sessions.clear();
    }
}
