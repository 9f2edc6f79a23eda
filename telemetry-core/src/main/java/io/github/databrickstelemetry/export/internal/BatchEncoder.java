package io.github.databrickstelemetry.export.internal;

import io.github.databrickstelemetry.aggregate.TelemetryMetric;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Turns metrics into request bodies. Thread-safe. */
final class BatchEncoder {

    /** What a body holds besides its documents: both ends, and the longest upload time. */
    static final int ENVELOPE = 64;

    private static final byte[] END = "]}".getBytes(StandardCharsets.UTF_8);

    private final WireMapper mapper;

    BatchEncoder(WireMapper mapper) {
        this.mapper = mapper;
    }

    /** @param json to be used for a whole batch */
    EncodedMetric encode(TelemetryMetric metric, QuotedJson json) throws IOException {
        return new EncodedMetric(metric, json.quoted(mapper.map(metric)));
    }

    /** The body of one request. */
    static byte[] body(List<EncodedMetric> metrics, long uploadTimeMillis) {
        byte[] start = ("{\"uploadTime\":" + uploadTimeMillis + ",\"items\":[],\"protoLogs\":[")
                .getBytes(StandardCharsets.UTF_8);
        int size = start.length + END.length + Math.max(0, metrics.size() - 1);
        for (EncodedMetric metric : metrics) {
            size += metric.protoLog().length;
        }
        byte[] body = new byte[size];
        int at = append(body, 0, start);
        for (int i = 0; i < metrics.size(); i++) {
            if (i > 0) {
                body[at++] = ',';
            }
            at = append(body, at, metrics.get(i).protoLog());
        }
        append(body, at, END);
        return body;
    }

    static byte[] gzip(byte[] body) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream(body.length / 4 + 64);
        try (GZIPOutputStream out = new GZIPOutputStream(compressed, 8192)) {
            out.write(body);
        }
        return compressed.toByteArray();
    }

    private static int append(byte[] body, int at, byte[] part) {
        System.arraycopy(part, 0, body, at, part.length);
        return at + part.length;
    }
}
