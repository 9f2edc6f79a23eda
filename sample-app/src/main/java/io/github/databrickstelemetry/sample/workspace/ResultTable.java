package io.github.databrickstelemetry.sample.workspace;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A finished statement's rows, as the API writes them: text, in chunks that are fetched one by one. */
record ResultTable(List<Column> columns, List<@Nullable String[]> rows) {

    static final int ROWS_PER_CHUNK = 5_000;

    /** One column with the names that the API uses. */
    record Column(String name, String typeName, String typeText, int precision, int scale) {

        static Column text(String name) {
            return new Column(name, "STRING", "STRING", 0, 0);
        }
    }

    static ResultTable none() {
        return new ResultTable(List.of(), List.of());
    }

    static ResultTable affectedRows(long count) {
        return new ResultTable(
                List.of(new Column("num_affected_rows", "LONG", "BIGINT", 0, 0)),
                List.<@Nullable String[]>of(new @Nullable String[] {Long.toString(count)}));
    }

    static ResultTable read(ResultSet resultSet) throws SQLException {
        ResultSetMetaData meta = resultSet.getMetaData();
        List<Column> columns = new ArrayList<>();
        for (int i = 1; i <= meta.getColumnCount(); i++) {
            columns.add(SqlTypes.column(meta, i));
        }
        List<@Nullable String[]> rows = new ArrayList<>();
        while (resultSet.next()) {
            @Nullable String[] row = new @Nullable String[columns.size()];
            for (int i = 0; i < row.length; i++) {
                row[i] = resultSet.getString(i + 1);
            }
            rows.add(row);
        }
        return new ResultTable(columns, rows);
    }

    private int chunkCount() {
        return columns.isEmpty() ? 0 : Math.max(1, (rows.size() + ROWS_PER_CHUNK - 1) / ROWS_PER_CHUNK);
    }

    ObjectNode manifest() {
        ObjectNode manifest = Json.object().put("format", "JSON_ARRAY");
        ObjectNode schema = manifest.putObject("schema").put("column_count", columns.size());
        ArrayNode described = schema.putArray("columns");
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            ObjectNode node = described
                    .addObject()
                    .put("name", column.name())
                    .put("type_name", column.typeName())
                    .put("type_text", column.typeText())
                    .put("position", i);
            if (column.precision() > 0) {
                node.put("type_precision", column.precision()).put("type_scale", column.scale());
            }
        }
        manifest.put("total_chunk_count", chunkCount()).put("total_row_count", rows.size());
        ArrayNode chunks = manifest.putArray("chunks");
        for (int i = 0; i < chunkCount(); i++) {
            describe(chunks.addObject(), i);
        }
        return manifest.put("truncated", false);
    }

    /** One chunk; an empty object where there is none of this number. */
    ObjectNode chunk(int index) {
        if (index < 0 || index >= chunkCount()) {
            return Json.object();
        }
        ObjectNode chunk = describe(Json.object(), index);
        if (index + 1 < chunkCount()) {
            chunk.put("next_chunk_index", index + 1);
        }
        ArrayNode data = chunk.putArray("data_array");
        for (@Nullable String[] row : rows.subList(firstRow(index), firstRow(index + 1))) {
            ArrayNode values = data.addArray();
            for (String value : row) {
                values.add(value);
            }
        }
        return chunk;
    }

    private ObjectNode describe(ObjectNode chunk, int index) {
        return chunk.put("chunk_index", index)
                .put("row_offset", firstRow(index))
                .put("row_count", firstRow(index + 1) - firstRow(index));
    }

    private int firstRow(int chunk) {
        return Math.min(chunk * ROWS_PER_CHUNK, rows.size());
    }
}
