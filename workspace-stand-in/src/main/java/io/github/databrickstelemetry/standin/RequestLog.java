package io.github.databrickstelemetry.standin;

import com.sun.net.httpserver.HttpExchange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The newest 1,000 requests, with the first 32 KB of each body. Thread-safe. */
final class RequestLog {

    private static final int REQUESTS_KEPT = 1_000;
    private static final int BODY_KEPT = 32_768;

    private final Deque<ReceivedRequest> requests = new ArrayDeque<>();

    synchronized List<ReceivedRequest> requests() {
        return List.copyOf(requests);
    }

    void add(HttpExchange exchange, byte[] body) {
        Map<String, String> headers = new TreeMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
        headers.remove("host");
        String text = new String(body, 0, Math.min(body.length, BODY_KEPT), StandardCharsets.ISO_8859_1);
        add(new ReceivedRequest(
                exchange.getRequestMethod(), exchange.getRequestURI().toString(), headers, text));
    }

    private synchronized void add(ReceivedRequest request) {
        requests.addLast(request);
        if (requests.size() > REQUESTS_KEPT) {
            requests.removeFirst();
        }
    }
}
