package io.github.databrickstelemetry.sample.page;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The live page above an endpoint that says what a test wants: strings of an attacker, or hours of load. */
final class CannedActuator implements AutoCloseable {

    static final String HOSTILE = "<img src=x onerror=\"document.title='owned'\">";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long START = 1_764_272_640_000L;
    private static final int ROWS = 50;

    /** How often the endpoint was read. */
    final AtomicInteger reads = new AtomicInteger();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final String name;

    /**
     * Starts it.
     *
     * @param page the document
     * @param name of the data source, of error classes and in ids
     */
    CannedActuator(String page, String name) {
        this.name = name;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        server.setExecutor(threads);
        server.createContext("/page", exchange -> send(exchange, "text/html;charset=UTF-8", page));
        server.createContext(
                "/databrickstelemetry", exchange -> send(exchange, "application/json", JSON.writeValueAsString(all())));
        server.createContext(
                "/databrickstelemetry/statements",
                exchange -> send(exchange, "application/json", JSON.writeValueAsString(statements())));
        server.start();
    }

    String address() {
        return "http://" + server.getAddress().getHostString() + ":"
                + server.getAddress().getPort() + "/page";
    }

    private long now() {
        return START + 2_000L * reads.get();
    }

    private static String instant(long millis) {
        return java.time.Instant.ofEpochMilli(millis).toString();
    }

    private Map<String, Object> all() {
        long count = 40L * reads.incrementAndGet();
        Map<String, Object> client = new LinkedHashMap<>();
        client.put("principal", name);
        client.put("status", "ACTIVE");
        client.put("events", Map.of("emitted", 2 * count, "queued", 0, "aggregated", 2 * count, "dropped", Map.of()));
        client.put(
                "metrics",
                Map.of(
                        "made",
                        count,
                        "delivered",
                        count,
                        "rejected",
                        0,
                        "dropped",
                        Map.of(name, 0),
                        "pending",
                        0,
                        "inFlight",
                        0));
        client.put("lastSuccess", instant(now()));
        client.put("lastError", Map.of("class", name, "status", 0, "at", instant(now())));
        Map<String, Object> host = Map.of(
                "circuitBreaker",
                Map.of("state", "CLOSED", "transitions", List.of()),
                "featureFlag",
                Map.of("status", "VALID", "enabled", true, "answeredAt", instant(START), "lastError", name),
                "clients",
                List.of(client));
        Map<String, Object> counts = Map.of(
                "finished",
                count,
                "failed",
                count / 20,
                "phases",
                Map.of("execute", 30 * count, "poll", 0, "download", 10 * count, "consume", count),
                "duration",
                Map.of("sum", 40 * count, "upperBounds", List.of(10, 100, 1000), "counts", List.of(0, count, 0, 0)));
        Map<String, Object> source =
                Map.of("name", name, "host", name, "instrumentation", name, "driverTelemetry", name, "reason", name);
        return Map.of(
                "application",
                name,
                "time",
                instant(now()),
                "paused",
                false,
                "hosts",
                Map.of(name, host),
                "dataSources",
                List.of(source),
                "statements",
                Map.of(name, counts));
    }

    private Map<String, Object> statements() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            rows.add(Map.of(
                    "id",
                    name + (reads.get() + i),
                    "dataSource",
                    name,
                    "host",
                    name,
                    "operation",
                    name,
                    "startedAt",
                    instant(now() - 1_000L * i),
                    "duration",
                    1_000 + i,
                    "phases",
                    Map.of("execute", 500, "poll", 0, "download", 400, "consume", 100),
                    "traceId",
                    name,
                    "queryProfile",
                    "javascript:document.title='owned'",
                    "error",
                    Map.of("class", name, "sqlState", name, "httpStatus", 0)));
        }
        return Map.of("slowest", rows, "failed", rows);
    }

    private static void send(HttpExchange exchange, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
