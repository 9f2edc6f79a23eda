package io.github.databrickstelemetry.standin;

import com.databricks.internal.apache.arrow.memory.BufferAllocator;
import com.databricks.internal.apache.arrow.vector.BigIntVector;
import com.databricks.internal.apache.arrow.vector.BitVector;
import com.databricks.internal.apache.arrow.vector.DateDayVector;
import com.databricks.internal.apache.arrow.vector.DecimalVector;
import com.databricks.internal.apache.arrow.vector.FieldVector;
import com.databricks.internal.apache.arrow.vector.Float4Vector;
import com.databricks.internal.apache.arrow.vector.Float8Vector;
import com.databricks.internal.apache.arrow.vector.IntVector;
import com.databricks.internal.apache.arrow.vector.SmallIntVector;
import com.databricks.internal.apache.arrow.vector.TimeStampMicroVector;
import com.databricks.internal.apache.arrow.vector.TinyIntVector;
import com.databricks.internal.apache.arrow.vector.VarCharVector;
import com.databricks.internal.apache.arrow.vector.VectorSchemaRoot;
import com.databricks.internal.apache.arrow.vector.ipc.ArrowStreamWriter;
import com.databricks.internal.jpountz.lz4.LZ4FrameOutputStream;
import com.databricks.jdbc.api.impl.arrow.ArrowBufferAllocator;
import io.github.databrickstelemetry.standin.Table.Column;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Arrow IPC streams, written with the driver's own copy of Arrow. */
final class ArrowChunks {

    private ArrowChunks() {}

    /** One chunk, in a stream with its schema. */
    static byte[] stream(Answer.Rows answer, int chunk, boolean compressed) throws IOException {
        return stream(answer.table(), answer.firstRow(chunk), answer.rowsIn(chunk), compressed);
    }

    private static byte[] stream(Table table, int first, int count, boolean compressed) throws IOException {
        try (BufferAllocator allocator = ArrowBufferAllocator.getBufferAllocator()) {
            List<FieldVector> vectors = new ArrayList<>();
            for (int i = 0; i < table.columns().size(); i++) {
                vectors.add(vector(table, i, first, count, allocator));
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (OutputStream out = compressed ? new LZ4FrameOutputStream(bytes) : bytes;
                    VectorSchemaRoot root = new VectorSchemaRoot(vectors);
                    ArrowStreamWriter writer = new ArrowStreamWriter(root, null, out)) {
                root.setRowCount(count);
                writer.start();
                writer.writeBatch();
                writer.end();
            }
            return bytes.toByteArray();
        }
    }

    private static FieldVector vector(Table table, int index, int first, int count, BufferAllocator allocator) {
        Column column = table.columns().get(index);
        FieldVector vector = create(column, allocator);
        vector.setInitialCapacity(count);
        vector.allocateNew();
        for (int i = 0; i < count; i++) {
            String value = table.rows().get(first + i).get(index);
            if (value == null) {
                vector.setNull(i);
            } else {
                set(vector, i, value, column);
            }
        }
        vector.setValueCount(count);
        return vector;
    }

    private static FieldVector create(Column column, BufferAllocator allocator) {
        String name = column.name();
        return switch (column.type()) {
            case BOOLEAN -> new BitVector(name, allocator);
            case TINYINT -> new TinyIntVector(name, allocator);
            case SMALLINT -> new SmallIntVector(name, allocator);
            case INT -> new IntVector(name, allocator);
            case BIGINT -> new BigIntVector(name, allocator);
            case FLOAT -> new Float4Vector(name, allocator);
            case DOUBLE -> new Float8Vector(name, allocator);
            case DECIMAL -> new DecimalVector(name, allocator, column.precision(), column.scale());
            case DATE -> new DateDayVector(name, allocator);
            case TIMESTAMP -> new TimeStampMicroVector(name, allocator);
            case STRING -> new VarCharVector(name, allocator);
        };
    }

    private static void set(FieldVector vector, int i, String value, Column column) {
        switch (column.type()) {
            case BOOLEAN -> ((BitVector) vector).setSafe(i, Boolean.parseBoolean(value) ? 1 : 0);
            case TINYINT -> ((TinyIntVector) vector).setSafe(i, Byte.parseByte(value));
            case SMALLINT -> ((SmallIntVector) vector).setSafe(i, Short.parseShort(value));
            case INT -> ((IntVector) vector).setSafe(i, Integer.parseInt(value));
            case BIGINT -> ((BigIntVector) vector).setSafe(i, Long.parseLong(value));
            case FLOAT -> ((Float4Vector) vector).setSafe(i, Float.parseFloat(value));
            case DOUBLE -> ((Float8Vector) vector).setSafe(i, Double.parseDouble(value));
            case DECIMAL ->
                ((DecimalVector) vector)
                        .setSafe(i, new BigDecimal(value).setScale(column.scale(), RoundingMode.HALF_UP));
            case DATE ->
                ((DateDayVector) vector).setSafe(i, (int) LocalDate.parse(value).toEpochDay());
            case TIMESTAMP -> ((TimeStampMicroVector) vector).setSafe(i, micros(value));
            case STRING -> ((VarCharVector) vector).setSafe(i, value.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static long micros(String timestamp) {
        Timestamp parsed = Timestamp.valueOf(timestamp);
        long seconds = parsed.toLocalDateTime().toEpochSecond(ZoneOffset.UTC);
        return seconds * 1_000_000 + parsed.getNanos() / 1_000;
    }

    /** The schema alone, as Thrift sends it apart. */
    static byte[] schema(Table table) throws IOException {
        byte[] whole = stream(table, 0, 0, false);
        // A message is a marker, its length, and as many bytes of metadata; the schema has no body.
        int length = (whole[4] & 0xff) | (whole[5] & 0xff) << 8 | (whole[6] & 0xff) << 16 | (whole[7] & 0xff) << 24;
        return Arrays.copyOf(whole, 8 + length);
    }

    /** All rows in one batch, without schema and end. */
    static byte[] batch(Table table, boolean compressed) throws IOException {
        byte[] whole = stream(table, 0, table.rows().size(), false);
        byte[] batch = Arrays.copyOfRange(whole, schema(table).length, whole.length - 8);
        if (!compressed) {
            return batch;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new LZ4FrameOutputStream(bytes)) {
            out.write(batch);
        }
        return bytes.toByteArray();
    }
}
