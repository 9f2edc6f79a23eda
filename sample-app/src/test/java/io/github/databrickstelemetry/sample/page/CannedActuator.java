package io.github.databrickstelemetry.sample.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.databrickstelemetry.actuate.TelemetryPageEndpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The live page above an endpoint that says what a test wants: strings of an attacker, hours of load, an outage, a login page. */
final class CannedActuator implements AutoCloseable {

    static final String HOSTILE = "<img src=x onerror=\"document.title='owned'\">";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long START = 1_764_272_640_000L;
    private static final String ALL = """
            {"application": NAME, "time": NOW, "paused": false,
             "hosts": {NAME: {
               "circuitBreaker": {"state": BREAKER, "nextProbe": NOW, "transitions": []},
               "featureFlag": {"status": "VALID", "enabled": true, "answeredAt": NOW, "lastError": NAME},
               "clients": [{"principal": NAME, "status": "ACTIVE",
                 "events": {"emitted": COUNT, "queued": 0, "aggregated": COUNT, "dropped": {}},
                 "metrics": {"made": COUNT, "delivered": DELIVERED, "rejected": 0, "dropped": {"overflow": DROPPED},
                   "pending": 0, "inFlight": 0},
                 "lastSuccess": NOW, "lastError": {"class": NAME, "status": 0, "at": NOW}}]}},
             "dataSources": [{"name": NAME, "host": NAME, "instrumentation": NAME, "driverTelemetry": NAME, "reason": NAME}],
             "statements": {
               NAME: {"finished": COUNT, "failed": FAILED, "phases": {"execute": COUNT, "download": COUNT},
                 "duration": {"upperBounds": [10, 100, 1000, 60000], "counts": [0, QUICK, 0, SLOW, 0]}},
               IDLE}}""";
    private static final String IDLE = """
            {"finished": 0, "failed": 0, "phases": {},
             "duration": {"upperBounds": [10, 100, 1000, 60000], "counts": [0, 0, 0, 0, 0]}}""";
    private static final String ROW = """
            {"id": ID, "dataSource": NAME, "host": NAME, "operation": NAME, "startedAt": AT, "duration": 1000,
             "phases": {"execute": 500, "poll": 100, "download": 400, "consume": 500}, "traceId": NAME, "chunks": 1,
             "resultFormat": "EXTERNAL_LINKS", "queryProfile": "javascript:document.title='owned'",
             "error": {"class": NAME, "sqlState": NAME, "httpStatus": 0}}""";

    static {
        // Else each body waits 40 ms for the client's acknowledgement of the headers.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /** What is sent instead of JSON. */
    record Reply(int status, String type, @Nullable String location, String body) {

        Reply(int status, String type, @Nullable String location) {
            this(status, type, location, "");
        }
    }

    /** How often the endpoint was read. */
    final AtomicInteger reads = new AtomicInteger();
    /** How often its login page was read. */
    final AtomicInteger logins = new AtomicInteger();

    volatile String breaker = "CLOSED";
    /** Finished statements so far, failed ones, slow ones among them, and dropped metrics. */
    final AtomicLong count = new AtomicLong();

    volatile long failed;
    volatile long slow;
    volatile long dropped;
    /** Statements between two readings. */
    volatile int load = 40;

    volatile int rows = 50;
    /** Data sources beside the one with the load: {@code idle}, {@code idle-1} and so on. */
    volatile int idle = 1;

    volatile @Nullable Reply instead;
    volatile boolean hangs;
    /** The circuit breaker is open in every second response. */
    volatile boolean flaps;

    private final CountDownLatch closed = new CountDownLatch(1);
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final String name;

    /**
     * Starts it.
     *
     * @param name of the application, its host and data source, of error classes and in ids
     */
    CannedActuator(String name) {
        this.name = name;
        try {
            String page = new TelemetryPageEndpoint().page().getContentAsString(StandardCharsets.UTF_8);
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext(
                    "/page", exchange -> send(exchange, new Reply(200, "text/html;charset=UTF-8", null, page)));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        server.setExecutor(threads);
        server.createContext("/login", exchange -> {
            logins.incrementAndGet();
            send(exchange, new Reply(200, "text/html", null));
        });
        server.createContext("/databrickstelemetry", exchange -> answer(exchange, this::all));
        server.createContext("/databrickstelemetry/statements", exchange -> answer(exchange, this::statements));
        server.start();
    }

    String address() {
        return "http://" + server.getAddress().getHostString() + ":"
                + server.getAddress().getPort() + "/page";
    }

    private String all() {
        reads.incrementAndGet();
        long finished = count.addAndGet(load);
        return filled(ALL)
                .replace("IDLE", idle())
                .replace("BREAKER", quoted(flaps && reads.get() % 2 == 0 ? "OPEN" : breaker))
                .replace("COUNT", String.valueOf(finished))
                .replace("DELIVERED", String.valueOf(finished - dropped))
                .replace("DROPPED", String.valueOf(dropped))
                .replace("FAILED", String.valueOf(failed))
                .replace("QUICK", String.valueOf(finished - slow))
                .replace("SLOW", String.valueOf(slow));
    }

    private String statements() {
        String row = filled(ROW);
        String list = IntStream.range(0, rows)
                .mapToObj(i -> row.replace("ID", quoted(name + (reads.get() + i)))
                        .replace("AT", quoted(instant(now() - 1_000L * i))))
                .collect(Collectors.joining(",", "[", "]"));
        return "{\"slowest\": " + list + ", \"failed\": " + list + "}";
    }

    private String idle() {
        return IntStream.range(0, idle)
                .mapToObj(i -> quoted(i == 0 ? "idle" : "idle-" + i) + ": " + IDLE)
                .collect(Collectors.joining(","));
    }

    private String filled(String template) {
        return template.replace("NAME", quoted(name)).replace("NOW", quoted(instant(now())));
    }

    private long now() {
        return START + 2_000L * reads.get();
    }

    private static String instant(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }

    private static String quoted(String text) {
        try {
            return JSON.writeValueAsString(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private void answer(HttpExchange exchange, Supplier<String> json) throws IOException {
        if (exchange.getRequestMethod().equals("OPTIONS")) {
            exchange.getResponseHeaders().set("Allow", "GET,POST");
            send(exchange, new Reply(200, "text/plain", null));
            return;
        }
        if (hangs) {
            try {
                closed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        Reply other = instead;
        send(exchange, other == null ? new Reply(200, "application/json", null, json.get()) : other);
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", reply.type());
            if (reply.location() != null) {
                exchange.getResponseHeaders().set("Location", reply.location());
            }
            exchange.sendResponseHeaders(reply.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
