package io.github.databrickstelemetry.benchmarks.soak;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.databrickstelemetry.config.FeatureFlagSettings;
import io.github.databrickstelemetry.workspace.CredentialSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** A telemetry service that misbehaves as it is told, counts what it took, and knows which tokens are valid. */
final class FaultyWorkspace implements AutoCloseable {

    enum Mode {
        HEALTHY,
        PARTIAL,
        ERROR,
        THROTTLED,
        FORBIDDEN,
        HANGING,
        DROPPING
    }

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService executor = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "faulty-workspace");
        thread.setDaemon(true);
        return thread;
    });
    private final AtomicInteger token = new AtomicInteger();
    private final LongAdder taken = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final List<HttpExchange> hanging = new ArrayList<>();
    private final AtomicBoolean flag = new AtomicBoolean(true);
    private Mode mode = Mode.HEALTHY;

    FaultyWorkspace() {
        try {
            server =
                    HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.createContext("/", this::handle);
        server.setExecutor(executor);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Documents of requests that were answered with 200. */
    long taken() {
        return taken.sum();
    }

    /** How many of them the answers called bad. */
    long rejected() {
        return rejected.sum();
    }

    synchronized void setMode(Mode next) {
        mode = next;
        hanging.forEach(HttpExchange::close);
        hanging.clear();
    }

    private synchronized Mode mode() {
        return mode;
    }

    private synchronized boolean hang(HttpExchange exchange) {
        return mode == Mode.HANGING && hanging.add(exchange);
    }

    /** What the flag says to whoever asks next. */
    void setFlag(boolean on) {
        flag.set(on);
    }

    /** The one before stays valid until the next rotation. */
    void rotateToken() {
        token.incrementAndGet();
    }

    CredentialSource credentials(String identity) {
        return new CredentialSource() {
            @Override
            public String identity() {
                return identity;
            }

            @Override
            public String authorization() {
                return "Bearer " + token.get();
            }
        };
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        int current = token.get();
        if (!("Bearer " + current).equals(authorization) && !("Bearer " + (current - 1)).equals(authorization)) {
            answer(exchange, 401, "{}");
            return;
        }
        Mode now = mode();
        if (now != Mode.ERROR && exchange.getRequestURI().getPath().contains("/feature-flags/")) {
            answer(
                    exchange,
                    200,
                    "{\"flags\":[{\"name\":\"" + FeatureFlagSettings.DEFAULT_NAME + "\",\"value\":\"" + flag.get()
                            + "\"}],\"ttl_seconds\":60}");
            return;
        }
        switch (now) {
            case HEALTHY, PARTIAL -> {
                int documents = MAPPER.readTree(body).path("protoLogs").size();
                int bad = now == Mode.PARTIAL ? documents / 10 : 0;
                answer(exchange, 200, "{\"numProtoSuccess\":" + (documents - bad) + "}");
                taken.add(documents);
                rejected.add(bad);
            }
            case ERROR -> answer(exchange, 500, "{\"message\":\"SELECT secret\"}");
            case THROTTLED -> {
                exchange.getResponseHeaders().set("Retry-After", "0");
                answer(exchange, 429, "");
            }
            case FORBIDDEN -> answer(exchange, 403, "");
            case HANGING -> {
                if (!hang(exchange)) {
                    exchange.close();
                }
            }
            case DROPPING -> exchange.close();
        }
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    @Override
    public void close() {
        setMode(Mode.DROPPING);
        server.stop(0);
        executor.shutdownNow();
    }
}
