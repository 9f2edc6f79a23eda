package io.github.databrickstelemetry.jdbc.databricks.workspace;

import com.databricks.jdbc.model.client.thrift.generated.TColumn;
import com.databricks.jdbc.model.client.thrift.generated.TColumnDesc;
import com.databricks.jdbc.model.client.thrift.generated.TFetchResultsResp;
import com.databricks.jdbc.model.client.thrift.generated.TGetResultSetMetadataResp;
import com.databricks.jdbc.model.client.thrift.generated.TI32Column;
import com.databricks.jdbc.model.client.thrift.generated.TI64Column;
import com.databricks.jdbc.model.client.thrift.generated.TPrimitiveTypeEntry;
import com.databricks.jdbc.model.client.thrift.generated.TRowSet;
import com.databricks.jdbc.model.client.thrift.generated.TSparkArrowBatch;
import com.databricks.jdbc.model.client.thrift.generated.TSparkArrowResultLink;
import com.databricks.jdbc.model.client.thrift.generated.TSparkRowSetType;
import com.databricks.jdbc.model.client.thrift.generated.TTableSchema;
import com.databricks.jdbc.model.client.thrift.generated.TTypeDesc;
import com.databricks.jdbc.model.client.thrift.generated.TTypeEntry;
import com.databricks.jdbc.model.client.thrift.generated.TTypeId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Results as Thrift carries them. */
final class ThriftResults {

    private ThriftResults() {}

    /** The whole result of a statement, with its metadata. */
    static TFetchResultsResp of(StandInWorkspace workspace, ServerStatement statement) throws IOException {
        TFetchResultsResp response =
                new TFetchResultsResp().setStatus(ThriftApi.success()).setHasMoreRows(false);
        Answer answer = statement.outcome();
        if (answer instanceof Answer.Rows rows) {
            List<Integer> values = IntStream.range(0, rows.count()).boxed().toList();
            return response.setResultSetMetadata(metadata(TSparkRowSetType.COLUMN_BASED_SET, "n", TTypeId.INT_TYPE))
                    .setResults(rowSet(TColumn.i32Val(new TI32Column(values, ByteBuffer.allocate(0)))));
        }
        if (answer instanceof Answer.Updated updated) {
            return response.setResultSetMetadata(
                            metadata(TSparkRowSetType.COLUMN_BASED_SET, "num_affected_rows", TTypeId.BIGINT_TYPE))
                    .setResults(
                            rowSet(TColumn.i64Val(new TI64Column(List.of(updated.rows()), ByteBuffer.allocate(0)))));
        }
        if (answer instanceof Answer.InlineArrow arrow) {
            boolean compressed = arrow.compressed() && statement.isCompressionAsked();
            byte[] batch = ArrowChunks.batch(0, arrow.count());
            TSparkArrowBatch one = new TSparkArrowBatch();
            one.setBatch(compressed ? ArrowChunks.compress(batch) : batch);
            one.setRowCount(arrow.count());
            TGetResultSetMetadataResp metadata = metadata(TSparkRowSetType.ARROW_BASED_SET, "n", TTypeId.INT_TYPE);
            metadata.setArrowSchema(ArrowChunks.schema());
            metadata.setLz4Compressed(compressed);
            return response.setResultSetMetadata(metadata)
                    .setResults(new TRowSet()
                            .setStartRowOffset(0)
                            .setRows(List.of())
                            .setArrowBatches(List.of(one)));
        }
        if (answer instanceof Answer.CloudFetch fetch) {
            TGetResultSetMetadataResp metadata = metadata(TSparkRowSetType.URL_BASED_SET, "n", TTypeId.INT_TYPE);
            metadata.setArrowSchema(ArrowChunks.schema());
            metadata.setLz4Compressed(fetch.compressed() && statement.isCompressionAsked());
            return response.setResultSetMetadata(metadata)
                    .setResults(new TRowSet()
                            .setStartRowOffset(0)
                            .setRows(List.of())
                            .setResultLinks(links(workspace, statement, fetch)));
        }
        TGetResultSetMetadataResp nothing = new TGetResultSetMetadataResp()
                .setStatus(ThriftApi.success())
                .setSchema(new TTableSchema().setColumns(List.of()))
                .setResultFormat(TSparkRowSetType.COLUMN_BASED_SET);
        return response.setResultSetMetadata(nothing)
                .setResults(
                        new TRowSet().setStartRowOffset(0).setRows(List.of()).setColumns(List.of()));
    }

    private static List<TSparkArrowResultLink> links(
            StandInWorkspace workspace, ServerStatement statement, Answer.CloudFetch fetch) {
        List<TSparkArrowResultLink> links = new ArrayList<>();
        for (int i = 0; i < fetch.chunks(); i++) {
            links.add(new TSparkArrowResultLink()
                    .setFileLink(workspace.link(statement, i))
                    .setExpiryTime(StandInWorkspace.FAR_FUTURE.toEpochMilli())
                    .setStartRowOffset((long) i * fetch.rowsPerChunk())
                    .setRowCount(fetch.rowsPerChunk())
                    .setBytesNum(100));
        }
        return links;
    }

    private static TGetResultSetMetadataResp metadata(TSparkRowSetType format, String column, TTypeId type) {
        TTypeDesc typeDesc = new TTypeDesc(List.of(TTypeEntry.primitiveEntry(new TPrimitiveTypeEntry(type))));
        TColumnDesc description =
                new TColumnDesc().setColumnName(column).setTypeDesc(typeDesc).setPosition(1);
        return new TGetResultSetMetadataResp()
                .setStatus(ThriftApi.success())
                .setSchema(new TTableSchema().setColumns(List.of(description)))
                .setResultFormat(format);
    }

    private static TRowSet rowSet(TColumn column) {
        return new TRowSet().setStartRowOffset(0).setRows(List.of()).setColumns(List.of(column));
    }
}
