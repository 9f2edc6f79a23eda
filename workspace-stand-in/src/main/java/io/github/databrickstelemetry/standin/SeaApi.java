package io.github.databrickstelemetry.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.databrickstelemetry.standin.StatementRequest.Parameter;
import io.github.databrickstelemetry.standin.Table.Column;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The Statement Execution API. */
final class SeaApi {

    static final String ROOT = "/api/2.0/sql/";

    private static final Pattern OPEN_SESSION = Pattern.compile(ROOT + "(?:warehouses/[^/]+/)?sessions/?");
    private static final Pattern SESSION = Pattern.compile(ROOT + "(?:warehouses/[^/]+/)?sessions/([^/]+)/?");
    private static final Pattern STATEMENTS =
            Pattern.compile(ROOT + "(?:warehouses/[^/]+/sessions/[^/]+/)?statements/?");
    private static final Pattern STATEMENT = Pattern.compile(ROOT
            + "(?:warehouses/[^/]+/sessions/[^/]+/)?statements/([^/]+)(?:/(cancel)|/result/chunks/([0-9]{1,6}))?/?");

    private final Warehouse warehouse;
    private final CloudStorage storage;

    SeaApi(Warehouse warehouse, CloudStorage storage) {
        this.warehouse = warehouse;
        this.storage = storage;
    }

    Reply respond(String method, String path, byte[] body) throws IOException, InterruptedException {
        Matcher session = SESSION.matcher(path);
        Matcher statement = STATEMENT.matcher(path);
        if (method.equals("POST") && STATEMENTS.matcher(path).matches()) {
            return state(warehouse.run(request(Json.read(body))));
        } else if (statement.matches()) {
            return statement(method, statement);
        } else if (method.equals("POST") && OPEN_SESSION.matcher(path).matches()) {
            String schema = Json.read(body).path("schema").asText("default");
            return Reply.json(Json.object()
                    .put("session_id", warehouse.openSession(schema).toString()));
        } else if (method.equals("DELETE") && session.matches()) {
            warehouse.closeSession(session.group(1));
            return Reply.json(Json.object());
        }
        return Reply.notFound("Path " + path);
    }

    private static StatementRequest request(JsonNode body) {
        List<Parameter> parameters = new ArrayList<>();
        for (JsonNode parameter : body.path("parameters")) {
            JsonNode value = parameter.path("value");
            parameters.add(new Parameter(
                    parameter.path("ordinal").asInt(parameters.size() + 1),
                    parameter.path("type").asText(),
                    value.isNull() || value.isMissingNode() ? null : value.asText()));
        }
        return new StatementRequest(
                body.path("session_id").asText(),
                body.path("statement").asText(),
                parameters,
                body.path("format").asText().equals("ARROW_STREAM")
                        && body.path("disposition").asText().contains("EXTERNAL_LINKS"),
                body.path("result_compression").asText().equals("LZ4_FRAME"));
    }

    private Reply statement(String method, Matcher path) throws IOException {
        ServerStatement statement = warehouse.statement(path.group(1));
        if (statement == null) {
            return Reply.notFound("Statement " + path.group(1));
        }
        if (path.group(2) != null) {
            statement.cancel();
            return Reply.json(Json.object());
        }
        if (path.group(3) != null) {
            return Reply.json(
                    statement.outcome() instanceof Answer.Rows rows
                            ? chunk(statement, rows, Integer.parseInt(path.group(3)))
                            : Json.object());
        }
        if (method.equals("DELETE")) {
            statement.cancel();
            statement.close();
            return Reply.json(Json.object());
        }
        statement.poll();
        return state(statement);
    }

    private Reply state(ServerStatement statement) throws IOException {
        ObjectNode reply = Json.object().put("statement_id", statement.id());
        ObjectNode status = reply.putObject("status").put("state", statement.state());
        if (statement.state().equals("FAILED") && statement.outcome() instanceof Answer.Failed failed) {
            status.put("sql_state", failed.sqlState());
            status.putObject("error").put("error_code", failed.errorCode()).put("message", failed.message());
        } else if (statement.state().equals("SUCCEEDED")) {
            result(reply, statement, statement.outcome());
        }
        return Reply.json(reply);
    }

    private void result(ObjectNode reply, ServerStatement statement, Answer outcome) throws IOException {
        Answer answer = outcome instanceof Answer.Updated updated
                ? Answer.rows(Table.of("num_affected_rows BIGINT").row(updated.rows()))
                : outcome;
        if (answer instanceof Answer.Rows rows) {
            ObjectNode manifest = manifest(rows);
            if (rows.delivery() != Answer.Delivery.INLINE) {
                manifest.put("result_compression", isCompressed(statement, rows) ? "LZ4_FRAME" : "NONE");
            }
            reply.set("manifest", manifest);
            reply.set("result", chunk(statement, rows, 0));
        } else {
            ObjectNode manifest = reply.putObject("manifest").put("format", "JSON_ARRAY");
            manifest.putObject("schema").put("column_count", 0).putArray("columns");
            manifest.put("total_chunk_count", 0).put("total_row_count", 0);
            reply.putObject("result");
        }
    }

    static boolean isCompressed(ServerStatement statement, Answer.Rows rows) {
        return rows.lz4() && statement.isLz4Accepted();
    }

    private static ObjectNode manifest(Answer.Rows rows) {
        boolean inline = rows.delivery() == Answer.Delivery.INLINE;
        ObjectNode manifest = Json.object().put("format", inline ? "JSON_ARRAY" : "ARROW_STREAM");
        List<Column> columns = rows.table().columns();
        ArrayNode described =
                manifest.putObject("schema").put("column_count", columns.size()).putArray("columns");
        for (Column column : columns) {
            ObjectNode node = described
                    .addObject()
                    .put("name", column.name())
                    .put("type_name", column.type().apiName)
                    .put("type_text", column.typeText())
                    .put("position", described.size() - 1);
            if (column.precision() > 0) {
                node.put("type_precision", column.precision()).put("type_scale", column.scale());
            }
        }
        manifest.put("total_chunk_count", rows.chunks())
                .put("total_row_count", rows.table().rows().size());
        ArrayNode chunks = manifest.putArray("chunks");
        for (int i = 0; i < rows.chunks(); i++) {
            describe(chunks.addObject(), rows, i);
        }
        return manifest.put("truncated", false);
    }

    /** One chunk; an empty object where there is none of this number. */
    private ObjectNode chunk(ServerStatement statement, Answer.Rows rows, int index) throws IOException {
        ObjectNode result = Json.object();
        if (index >= rows.chunks()) {
            return result;
        }
        switch (rows.delivery()) {
            case INLINE -> {
                ArrayNode data =
                        next(describe(result, rows, index), rows, index).putArray("data_array");
                int first = rows.firstRow(index);
                for (List<@Nullable String> row : rows.table().rows().subList(first, first + rows.rowsIn(index))) {
                    ArrayNode values = data.addArray();
                    row.forEach(values::add);
                }
            }
            case INLINE_ARROW ->
                next(describe(result, rows, index), rows, index)
                        .put("attachment", ArrowChunks.stream(rows, index, isCompressed(statement, rows)));
            case CLOUD_FETCH -> {
                ObjectNode link = result.putArray("external_links").addObject();
                next(describe(link, rows, index), rows, index)
                        .put("byte_count", 100)
                        .put("external_link", storage.link(statement, index))
                        .put("expiration", WorkspaceStandIn.FAR_FUTURE.toString());
            }
        }
        return result;
    }

    private static ObjectNode describe(ObjectNode chunk, Answer.Rows rows, int index) {
        return chunk.put("chunk_index", index)
                .put("row_offset", rows.firstRow(index))
                .put("row_count", rows.rowsIn(index));
    }

    private static ObjectNode next(ObjectNode chunk, Answer.Rows rows, int index) {
        return index + 1 < rows.chunks() ? chunk.put("next_chunk_index", index + 1) : chunk;
    }
}
