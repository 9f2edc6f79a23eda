package io.github.databrickstelemetry.jdbc.databricks.workspace;

import com.databricks.internal.apache.arrow.memory.BufferAllocator;
import com.databricks.internal.apache.arrow.vector.IntVector;
import com.databricks.internal.apache.arrow.vector.VectorSchemaRoot;
import com.databricks.internal.apache.arrow.vector.ipc.ArrowStreamWriter;
import com.databricks.internal.jpountz.lz4.LZ4FrameOutputStream;
import com.databricks.jdbc.api.impl.arrow.ArrowBufferAllocator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Arrow IPC streams of one INT column, written with the driver's own copy of Arrow. */
final class ArrowChunks {

    private ArrowChunks() {}

    /** The values from {@code first}, in a stream with its schema. */
    static byte[] stream(int first, int count, boolean compressed) throws IOException {
        try (BufferAllocator allocator = ArrowBufferAllocator.getBufferAllocator();
                IntVector vector = new IntVector("n", allocator)) {
            vector.allocateNew(count);
            for (int i = 0; i < count; i++) {
                vector.set(i, first + i);
            }
            vector.setValueCount(count);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (OutputStream out = compressed ? new LZ4FrameOutputStream(bytes) : bytes;
                    VectorSchemaRoot root = new VectorSchemaRoot(List.of(vector));
                    ArrowStreamWriter writer = new ArrowStreamWriter(root, null, out)) {
                root.setRowCount(count);
                writer.start();
                writer.writeBatch();
                writer.end();
            }
            return bytes.toByteArray();
        }
    }

    /** The schema alone, as Thrift sends it apart. */
    static byte[] schema() throws IOException {
        byte[] whole = stream(0, 0, false);
        // A message is a marker, its length, and as many bytes of metadata; the schema has no body.
        int length = (whole[4] & 0xff) | (whole[5] & 0xff) << 8 | (whole[6] & 0xff) << 16 | (whole[7] & 0xff) << 24;
        return java.util.Arrays.copyOf(whole, 8 + length);
    }

    /** A batch alone, without schema and end. */
    static byte[] batch(int first, int count) throws IOException {
        byte[] whole = stream(first, count, false);
        int end = whole.length - 8;
        return java.util.Arrays.copyOfRange(whole, schema().length, end);
    }

    static byte[] compress(byte[] bytes) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (OutputStream out = new LZ4FrameOutputStream(compressed)) {
            out.write(bytes);
        }
        return compressed.toByteArray();
    }
}
