package io.github.databrickstelemetry.export.internal;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Turns metrics into request bodies. Thread-safe. */
final class BatchEncoder {

    /** Bytes of a body without its documents, with the longest upload time. */
    static final int ENVELOPE = 64;

    private static final JsonMapper MAPPER = new JsonMapper();

    private final WireMapper mapper;

    BatchEncoder(WireMapper mapper) {
        this.mapper = mapper;
    }

    EncodedMetric encode(TelemetryMetric metric) throws IOException {
        // By way of bytes, so that half a surrogate pair, which no request can carry, becomes a question mark.
        byte[] utf8 = MAPPER.writeValueAsString(mapper.map(metric)).getBytes(StandardCharsets.UTF_8);
        int size = utf8.length + 3;
        for (byte b : utf8) {
            // In the string around the document, these two are escaped.
            size += b == '"' || b == '\\' ? 1 : 0;
        }
        return new EncodedMetric(metric, new String(utf8, StandardCharsets.UTF_8), size);
    }

    /** The body of one request. */
    static byte[] body(List<EncodedMetric> metrics, long uploadTimeMillis) throws IOException {
        List<String> protoLogs = metrics.stream().map(EncodedMetric::protoLog).toList();
        return MAPPER.writeValueAsBytes(new TelemetryRequest(uploadTimeMillis, List.of(), protoLogs));
    }

    static byte[] gzip(byte[] body) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream(body.length / 4 + 64);
        try (GZIPOutputStream out = new GZIPOutputStream(compressed, 8192)) {
            out.write(body);
        }
        return compressed.toByteArray();
    }
}
