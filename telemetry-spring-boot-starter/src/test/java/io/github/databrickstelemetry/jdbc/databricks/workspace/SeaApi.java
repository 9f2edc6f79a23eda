package io.github.databrickstelemetry.jdbc.databricks.workspace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The SQL execution API. */
final class SeaApi {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ROOT = "/api/2.0/sql/";
    private static final Pattern SESSIONS = Pattern.compile(ROOT + "warehouses/[^/]+/sessions");
    private static final Pattern SESSION = Pattern.compile(ROOT + "sessions/([^/]+)");
    private static final Pattern STATEMENTS = Pattern.compile(ROOT + "statements/?");
    private static final Pattern STATEMENT =
            Pattern.compile(ROOT + "statements/([^/]+)(?:/(cancel)|/result/chunks/([0-9]+))?");

    private final StandInWorkspace workspace;

    SeaApi(StandInWorkspace workspace) {
        this.workspace = workspace;
    }

    Reply answer(String method, String path, byte[] body) throws IOException {
        if (SESSIONS.matcher(path).matches()) {
            return json(JSON.createObjectNode()
                    .put("session_id", workspace.openSession().toString()));
        }
        Matcher session = SESSION.matcher(path);
        if (session.matches()) {
            workspace.closeSession(session.group(1));
            return json(JSON.createObjectNode());
        }
        if (STATEMENTS.matcher(path).matches()) {
            return execute(JSON.readTree(body));
        }
        Matcher statement = STATEMENT.matcher(path);
        return statement.matches() ? statement(method, statement) : Reply.NOT_FOUND;
    }

    private Reply execute(JsonNode request) throws IOException {
        String sql = request.path("statement").asText();
        Answer answer = workspace.answerTo(sql);
        if (answer instanceof Answer.Refused refused) {
            return refusal(refused);
        }
        boolean lz4 = request.path("result_compression").asText().equals("LZ4_FRAME");
        return state(workspace.run(sql, answer, lz4));
    }

    private Reply statement(String method, Matcher path) throws IOException {
        ServerStatement statement = workspace.statement(path.group(1));
        if (statement == null) {
            return Reply.NOT_FOUND;
        }
        if (path.group(2) != null) {
            statement.cancel();
            return json(JSON.createObjectNode());
        }
        if (path.group(3) != null) {
            return json(chunk(statement, (Answer.CloudFetch) statement.outcome(), Integer.parseInt(path.group(3))));
        }
        if (method.equals("DELETE")) {
            statement.close();
            return json(JSON.createObjectNode());
        }
        statement.poll();
        return state(statement);
    }

    private Reply state(ServerStatement statement) throws IOException {
        ObjectNode reply = JSON.createObjectNode().put("statement_id", statement.id());
        ObjectNode status = reply.putObject("status");
        if (statement.isRunning()) {
            status.put("state", "RUNNING");
        } else if (statement.isCancelled()) {
            status.put("state", "CANCELED");
        } else if (statement.outcome() instanceof Answer.Failed failed) {
            status.put("state", "FAILED").put("sql_state", failed.sqlState());
            status.putObject("error").put("error_code", failed.errorCode()).put("message", failed.message());
        } else {
            status.put("state", "SUCCEEDED");
            result(reply, statement, statement.outcome());
        }
        return json(reply);
    }

    private void result(ObjectNode reply, ServerStatement statement, Answer answer) throws IOException {
        if (answer instanceof Answer.Rows rows) {
            manifest(reply, "JSON_ARRAY", "n", "INT", 1, rows.count());
            ArrayNode data = reply.putObject("result").put("chunk_index", 0).putArray("data_array");
            for (int i = 0; i < rows.count(); i++) {
                data.addArray().add(Integer.toString(i));
            }
        } else if (answer instanceof Answer.Updated updated) {
            manifest(reply, "JSON_ARRAY", "num_affected_rows", "LONG", 1, 1);
            reply.putObject("result")
                    .put("chunk_index", 0)
                    .putArray("data_array")
                    .addArray()
                    .add(Long.toString(updated.rows()));
        } else if (answer instanceof Answer.InlineArrow arrow) {
            boolean compressed = arrow.compressed() && statement.isCompressionAsked();
            manifest(reply, "ARROW_STREAM", "n", "INT", 1, arrow.count())
                    .put("result_compression", compressed ? "LZ4_FRAME" : "NONE");
            reply.putObject("result")
                    .put("chunk_index", 0)
                    .put("attachment", ArrowChunks.stream(0, arrow.count(), compressed));
        } else if (answer instanceof Answer.CloudFetch fetch) {
            boolean compressed = fetch.compressed() && statement.isCompressionAsked();
            manifest(reply, "ARROW_STREAM", "n", "INT", fetch.chunks(), fetch.chunks() * fetch.rowsPerChunk())
                    .put("result_compression", compressed ? "LZ4_FRAME" : "NONE");
            reply.set("result", chunk(statement, fetch, 0));
        } else {
            ObjectNode manifest = reply.putObject("manifest").put("format", "JSON_ARRAY");
            manifest.putObject("schema").put("column_count", 0).putArray("columns");
            manifest.put("total_chunk_count", 0).put("total_row_count", 0);
            reply.putObject("result");
        }
    }

    private static ObjectNode manifest(
            ObjectNode reply, String format, String column, String type, int chunks, int rows) {
        ObjectNode manifest = reply.putObject("manifest").put("format", format);
        manifest.putObject("schema")
                .put("column_count", 1)
                .putArray("columns")
                .addObject()
                .put("name", column)
                .put("type_name", type)
                .put("type_text", type)
                .put("position", 0);
        manifest.put("total_chunk_count", chunks).put("total_row_count", rows);
        ArrayNode list = manifest.putArray("chunks");
        int rowsPerChunk = rows / chunks;
        for (int i = 0; i < chunks; i++) {
            list.addObject()
                    .put("chunk_index", i)
                    .put("row_offset", i * rowsPerChunk)
                    .put("row_count", rowsPerChunk);
        }
        return manifest;
    }

    private ObjectNode chunk(ServerStatement statement, Answer.CloudFetch fetch, int index) {
        ObjectNode result = JSON.createObjectNode();
        ObjectNode link = result.putArray("external_links")
                .addObject()
                .put("chunk_index", index)
                .put("row_offset", index * fetch.rowsPerChunk())
                .put("row_count", fetch.rowsPerChunk())
                .put("byte_count", 100)
                .put("external_link", workspace.link(statement, index))
                .put("expiration", StandInWorkspace.FAR_FUTURE.toString());
        if (index + 1 < fetch.chunks()) {
            link.put("next_chunk_index", index + 1);
        }
        return result;
    }

    static Reply refusal(Answer.Refused refused) throws IOException {
        ObjectNode error =
                JSON.createObjectNode().put("error_code", refused.errorCode()).put("message", refused.message());
        return new Reply(refused.status(), "application/json", JSON.writeValueAsBytes(error));
    }

    private static Reply json(ObjectNode body) throws IOException {
        return new Reply(200, "application/json", JSON.writeValueAsBytes(body));
    }
}
