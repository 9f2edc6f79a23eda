package io.github.databrickstelemetry.sample.workspace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One statement from its submission to its last chunk. Run by one thread, watched and cancelled by others. */
final class RunningStatement implements Runnable {

    /** How a statement ended. */
    private sealed interface Outcome {
        record Succeeded(ResultTable table) implements Outcome {}

        record Failed(String sqlState, String message) implements Outcome {}

        record Canceled() implements Outcome {}
    }

    final String id;
    private final String sessionId;
    private final Connection connection;
    private final String sql;
    private final JsonNode parameters;
    private final QueryHistory history;
    private final long submitted = System.currentTimeMillis();
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private volatile @Nullable Statement running;

    RunningStatement(
            String id, String sessionId, Connection connection, String sql, JsonNode parameters, QueryHistory history) {
        this.id = id;
        this.sessionId = sessionId;
        this.connection = connection;
        this.sql = sql;
        this.parameters = parameters;
        this.history = history;
    }

    @Override
    public void run() {
        long start = System.nanoTime();
        try {
            finish(new Outcome.Succeeded(execute()), "SUCCEEDED", start);
        } catch (SQLException e) {
            String message = "[" + e.getClass().getSimpleName() + "] " + e.getMessage();
            finish(new Outcome.Failed(SqlTypes.state(String.valueOf(e.getSQLState())), message), "FAILED", start);
        }
    }

    private void finish(Outcome how, String state, long start) {
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        boolean first = !outcome.isDone();
        history.add(new QueryHistory.Entry(id, sessionId, sql, first ? state : "CANCELED", submitted, millis));
        outcome.complete(how);
    }

    private ResultTable execute() throws SQLException {
        Optional<ResultTable> metadata = MetadataStatements.run(connection, sql);
        if (metadata.isPresent()) {
            return metadata.get();
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            running = statement;
            int ordinal = 0;
            for (JsonNode parameter : parameters) {
                ordinal++;
                bind(statement, parameter.path("ordinal").asInt(ordinal), parameter);
            }
            if (statement.execute()) {
                try (ResultSet resultSet = statement.getResultSet()) {
                    return ResultTable.read(resultSet);
                }
            }
            return isUpdate() ? ResultTable.affectedRows(statement.getUpdateCount()) : ResultTable.none();
        } finally {
            running = null;
        }
    }

    private static void bind(PreparedStatement statement, int ordinal, JsonNode parameter) throws SQLException {
        String value = parameter.path("value").isNull()
                ? null
                : parameter.path("value").asText(null);
        switch (parameter.path("type").asText()) {
            case "INT", "LONG", "BIGINT", "SHORT", "SMALLINT", "BYTE", "TINYINT" ->
                statement.setObject(ordinal, value == null ? null : Long.valueOf(value));
            case "DOUBLE", "FLOAT" -> statement.setObject(ordinal, value == null ? null : Double.valueOf(value));
            case "BOOLEAN" -> statement.setObject(ordinal, value == null ? null : Boolean.valueOf(value));
            default -> statement.setString(ordinal, value);
        }
    }

    private boolean isUpdate() {
        return sql.stripLeading().regionMatches(true, 0, "INSERT", 0, 6)
                || sql.stripLeading().regionMatches(true, 0, "UPDATE", 0, 6)
                || sql.stripLeading().regionMatches(true, 0, "DELETE", 0, 6)
                || sql.stripLeading().regionMatches(true, 0, "MERGE", 0, 5);
    }

    /** Ends the statement, unless it has ended. */
    void cancel() {
        if (outcome.complete(new Outcome.Canceled())) {
            Statement statement = running;
            if (statement != null) {
                try {
                    statement.cancel();
                } catch (SQLException e) {
                    // It has just ended by itself, which is as good.
                }
            }
        }
    }

    /** Waits for the end, but not for longer than this. */
    void await(long millis) throws InterruptedException {
        try {
            outcome.get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // Then the client comes back and asks.
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The API's view of the statement at this moment. */
    ObjectNode describe() {
        ObjectNode body = Json.object().put("statement_id", id);
        ObjectNode status = body.putObject("status");
        Outcome how = outcome.getNow(null);
        if (how == null) {
            status.put("state", "RUNNING");
        } else if (how instanceof Outcome.Succeeded succeeded) {
            status.put("state", "SUCCEEDED");
            body.set("manifest", succeeded.table().manifest());
            body.set("result", succeeded.table().chunk(0));
        } else if (how instanceof Outcome.Failed failed) {
            status.put("state", "FAILED").put("sql_state", failed.sqlState());
            status.putObject("error").put("error_code", "BAD_REQUEST").put("message", failed.message());
        } else {
            status.put("state", "CANCELED");
        }
        return body;
    }

    /** One chunk of the result; an empty object where there is none. */
    ObjectNode chunk(int index) {
        return outcome.getNow(null) instanceof Outcome.Succeeded succeeded
                ? succeeded.table().chunk(index)
                : Json.object();
    }
}
