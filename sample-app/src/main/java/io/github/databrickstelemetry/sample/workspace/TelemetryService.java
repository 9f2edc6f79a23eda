package io.github.databrickstelemetry.sample.workspace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The telemetry service: keeps the newest documents that it receives, and can be made to misbehave. Thread-safe.
 */
public final class TelemetryService {

    static final List<String> AUTHENTICATED_PATHS = List.of("/api/2.0/sql/telemetry-ext", "/telemetry-ext");
    static final List<String> UNAUTHENTICATED_PATHS = List.of("/api/2.0/sql/telemetry-unauth", "/telemetry-unauth");

    private static final int DOCUMENTS_KEPT = 2_000;
    /** Exchanges left without an answer; the oldest is dropped when there are more. */
    private static final int EXCHANGES_HANGING = 64;

    /**
     * What has arrived so far.
     *
     * @param requests requests that were answered well or badly
     * @param refused requests that were not answered with 200
     * @param documents documents taken
     * @param bytes bytes of the bodies taken
     */
    public record Totals(long requests, long refused, long documents, long bytes) {}

    private final Deque<ReceivedDocument> newest = new ArrayDeque<>();
    private final Deque<HttpExchange> hanging = new ArrayDeque<>();
    private EndpointMode mode = EndpointMode.HEALTHY;
    private Totals totals = new Totals(0, 0, 0, 0);

    TelemetryService() {}

    /** How it behaves at present. */
    public synchronized EndpointMode mode() {
        return mode;
    }

    /** Makes it behave differently from now on; requests left hanging are dropped. */
    public synchronized void setMode(EndpointMode mode) {
        this.mode = mode;
        hanging.forEach(HttpExchange::close);
        hanging.clear();
    }

    /** What has arrived so far. */
    public synchronized Totals totals() {
        return totals;
    }

    /** The newest documents, newest first, at most {@code limit} of them. */
    public synchronized List<ReceivedDocument> newest(int limit) {
        List<ReceivedDocument> documents = new ArrayList<>();
        var newestFirst = newest.descendingIterator();
        while (newestFirst.hasNext() && documents.size() < limit) {
            documents.add(newestFirst.next());
        }
        return documents;
    }

    /** Handles one path; with a token, requests need it. */
    HttpHandler handler(@Nullable String token) {
        JsonHandler json = new JsonHandler(token, this::take);
        return exchange -> {
            switch (enter(exchange)) {
                case HEALTHY -> json.handle(exchange);
                case ERROR -> fail(exchange);
                case HANG -> {}
                case REFUSE -> exchange.close();
            }
        };
    }

    /** What to do with a request; one that is to hang is remembered, so that no thread needs to wait with it. */
    private synchronized EndpointMode enter(HttpExchange exchange) {
        boolean refused = mode != EndpointMode.HEALTHY;
        totals = new Totals(totals.requests + 1, totals.refused + (refused ? 1 : 0), totals.documents, totals.bytes);
        if (mode == EndpointMode.HANG) {
            hanging.addLast(exchange);
            if (hanging.size() > EXCHANGES_HANGING) {
                hanging.removeFirst().close();
            }
        }
        return mode;
    }

    private static void fail(HttpExchange exchange) throws IOException {
        new JsonHandler(null, request -> Answer.error(500, "INTERNAL_ERROR", "The telemetry service is broken"))
                .handle(exchange);
    }

    private synchronized Answer take(JsonHandler.Request request) {
        int taken = 0;
        for (JsonNode log : request.body().path("protoLogs")) {
            taken++;
            newest.addLast(new ReceivedDocument(
                    totals.documents + taken, request.receivedMillis(), request.path(), Json.read(log.asText())));
            if (newest.size() > DOCUMENTS_KEPT) {
                newest.removeFirst();
            }
        }
        totals = new Totals(totals.requests, totals.refused, totals.documents + taken, totals.bytes + request.size());
        ObjectNode answer = Json.object().put("numSuccess", 0).put("numProtoSuccess", taken);
        answer.putArray("errors");
        return Answer.ok(answer);
    }
}
