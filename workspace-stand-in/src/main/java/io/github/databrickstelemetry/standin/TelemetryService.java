package io.github.databrickstelemetry.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The telemetry service: keeps the documents that it receives. Thread-safe. */
public final class TelemetryService extends FaultyService {

    private static final int DOCUMENTS_KEPT = 2_000;

    private final Deque<TelemetryDocument> newest = new ArrayDeque<>();
    private long documents;
    private long rejected;
    private long bytes;

    TelemetryService() {}

    /** The newest 2,000 documents, oldest first. */
    public synchronized List<TelemetryDocument> received() {
        return List.copyOf(newest);
    }

    /** Documents received in requests with a healthy response, the rejected ones included. */
    public synchronized long documents() {
        return documents;
    }

    /** Documents that the response called bad. */
    public synchronized long rejected() {
        return rejected;
    }

    /** Bytes of the bodies of these requests, as they came over the network. */
    public synchronized long bytes() {
        return bytes;
    }

    @Override
    synchronized Reply healthy(Request request) throws IOException {
        JsonNode logs = Json.read(request.body()).path("protoLogs");
        for (JsonNode log : logs) {
            documents++;
            newest.addLast(new TelemetryDocument(
                    documents, System.currentTimeMillis(), request.path(), Json.map(log.asText())));
            if (newest.size() > DOCUMENTS_KEPT) {
                newest.removeFirst();
            }
        }
        bytes += request.size();
        int bad = request.partial() ? (logs.size() + 9) / 10 : 0;
        rejected += bad;
        ObjectNode answer = Json.object().put("numSuccess", 0).put("numProtoSuccess", logs.size() - bad);
        answer.putArray("errors");
        return Reply.json(answer);
    }
}
