package io.github.databrickstelemetry.standin;

import com.databricks.jdbc.model.client.thrift.generated.TBoolColumn;
import com.databricks.jdbc.model.client.thrift.generated.TByteColumn;
import com.databricks.jdbc.model.client.thrift.generated.TColumn;
import com.databricks.jdbc.model.client.thrift.generated.TColumnDesc;
import com.databricks.jdbc.model.client.thrift.generated.TDoubleColumn;
import com.databricks.jdbc.model.client.thrift.generated.TFetchResultsResp;
import com.databricks.jdbc.model.client.thrift.generated.TGetResultSetMetadataResp;
import com.databricks.jdbc.model.client.thrift.generated.TI16Column;
import com.databricks.jdbc.model.client.thrift.generated.TI32Column;
import com.databricks.jdbc.model.client.thrift.generated.TI64Column;
import com.databricks.jdbc.model.client.thrift.generated.TPrimitiveTypeEntry;
import com.databricks.jdbc.model.client.thrift.generated.TRowSet;
import com.databricks.jdbc.model.client.thrift.generated.TSparkArrowBatch;
import com.databricks.jdbc.model.client.thrift.generated.TSparkArrowResultLink;
import com.databricks.jdbc.model.client.thrift.generated.TSparkRowSetType;
import com.databricks.jdbc.model.client.thrift.generated.TStringColumn;
import com.databricks.jdbc.model.client.thrift.generated.TTableSchema;
import com.databricks.jdbc.model.client.thrift.generated.TTypeDesc;
import com.databricks.jdbc.model.client.thrift.generated.TTypeEntry;
import com.databricks.jdbc.model.client.thrift.generated.TTypeId;
import com.databricks.jdbc.model.client.thrift.generated.TTypeQualifierValue;
import com.databricks.jdbc.model.client.thrift.generated.TTypeQualifiers;
import io.github.databrickstelemetry.standin.Table.Column;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Results as Thrift carries them. */
final class ThriftResults {

    private ThriftResults() {}

    /** The whole result of a statement, with its metadata. */
    static TFetchResultsResp of(CloudStorage storage, ServerStatement statement) throws IOException {
        Answer outcome = statement.outcome();
        Answer answer = outcome instanceof Answer.Updated updated
                ? Answer.rows(Table.of("num_affected_rows BIGINT").row(updated.rows()))
                : outcome;
        TRowSet rowSet = new TRowSet().setStartRowOffset(0).setRows(List.of());
        TGetResultSetMetadataResp metadata = new TGetResultSetMetadataResp().setStatus(ThriftApi.success());
        if (answer instanceof Answer.Rows rows) {
            metadata.setSchema(schema(rows.table()));
            fill(rowSet, metadata, storage, statement, rows);
        } else {
            metadata.setSchema(new TTableSchema().setColumns(List.of()))
                    .setResultFormat(TSparkRowSetType.COLUMN_BASED_SET);
            rowSet.setColumns(List.of());
        }
        return new TFetchResultsResp()
                .setStatus(ThriftApi.success())
                .setHasMoreRows(false)
                .setResultSetMetadata(metadata)
                .setResults(rowSet);
    }

    private static void fill(
            TRowSet rowSet,
            TGetResultSetMetadataResp metadata,
            CloudStorage storage,
            ServerStatement statement,
            Answer.Rows rows)
            throws IOException {
        Table table = rows.table();
        if (rows.delivery() == Answer.Delivery.INLINE) {
            metadata.setResultFormat(TSparkRowSetType.COLUMN_BASED_SET);
            List<TColumn> columns = new ArrayList<>();
            for (int i = 0; i < table.columns().size(); i++) {
                columns.add(column(table, i));
            }
            rowSet.setColumns(columns);
            return;
        }
        boolean compressed = SeaApi.isCompressed(statement, rows);
        metadata.setArrowSchema(ArrowChunks.schema(table));
        metadata.setLz4Compressed(compressed);
        if (rows.delivery() == Answer.Delivery.INLINE_ARROW) {
            metadata.setResultFormat(TSparkRowSetType.ARROW_BASED_SET);
            TSparkArrowBatch batch = new TSparkArrowBatch();
            batch.setBatch(ArrowChunks.batch(table, compressed));
            batch.setRowCount(table.rows().size());
            rowSet.setArrowBatches(List.of(batch));
        } else {
            metadata.setResultFormat(TSparkRowSetType.URL_BASED_SET);
            rowSet.setResultLinks(links(storage, statement, rows));
        }
    }

    private static List<TSparkArrowResultLink> links(
            CloudStorage storage, ServerStatement statement, Answer.Rows rows) {
        List<TSparkArrowResultLink> links = new ArrayList<>();
        for (int i = 0; i < rows.chunks(); i++) {
            links.add(new TSparkArrowResultLink()
                    .setFileLink(storage.link(statement, i))
                    .setExpiryTime(WorkspaceStandIn.FAR_FUTURE.toEpochMilli())
                    .setStartRowOffset(rows.firstRow(i))
                    .setRowCount(rows.rowsIn(i))
                    .setBytesNum(100));
        }
        return links;
    }

    private static TTableSchema schema(Table table) {
        List<TColumnDesc> columns = new ArrayList<>();
        for (Column column : table.columns()) {
            TPrimitiveTypeEntry type = new TPrimitiveTypeEntry(type(column));
            if (column.type() == Table.Type.DECIMAL) {
                type.setTypeQualifiers(new TTypeQualifiers(Map.of(
                        "precision", TTypeQualifierValue.i32Value(column.precision()),
                        "scale", TTypeQualifierValue.i32Value(column.scale()))));
            }
            columns.add(new TColumnDesc()
                    .setColumnName(column.name())
                    .setTypeDesc(new TTypeDesc(List.of(TTypeEntry.primitiveEntry(type))))
                    .setPosition(columns.size() + 1));
        }
        return new TTableSchema().setColumns(columns);
    }

    private static TTypeId type(Column column) {
        return TTypeId.valueOf(column.type().name() + "_TYPE");
    }

    private static TColumn column(Table table, int i) {
        BitSet nulls = new BitSet();
        for (int row = 0; row < table.rows().size(); row++) {
            nulls.set(row, table.rows().get(row).get(i) == null);
        }
        ByteBuffer bits = ByteBuffer.wrap(nulls.toByteArray());
        return switch (table.columns().get(i).type()) {
            case BOOLEAN -> TColumn.boolVal(new TBoolColumn(values(table, i, Boolean::valueOf, false), bits));
            case TINYINT -> TColumn.byteVal(new TByteColumn(values(table, i, Byte::valueOf, (byte) 0), bits));
            case SMALLINT -> TColumn.i16Val(new TI16Column(values(table, i, Short::valueOf, (short) 0), bits));
            case INT -> TColumn.i32Val(new TI32Column(values(table, i, Integer::valueOf, 0), bits));
            case BIGINT -> TColumn.i64Val(new TI64Column(values(table, i, Long::valueOf, 0L), bits));
            case FLOAT, DOUBLE -> TColumn.doubleVal(new TDoubleColumn(values(table, i, Double::valueOf, 0.0), bits));
            case DECIMAL, DATE, TIMESTAMP, STRING ->
                TColumn.stringVal(new TStringColumn(values(table, i, Function.identity(), ""), bits));
        };
    }

    private static <T> List<T> values(Table table, int i, Function<String, T> parse, T insteadOfNull) {
        List<T> values = new ArrayList<>(table.rows().size());
        for (var row : table.rows()) {
            String value = row.get(i);
            values.add(value == null ? insteadOfNull : parse.apply(value));
        }
        return values;
    }
}
