package io.github.databrickstelemetry.standin;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** A service that can be made to fail. Thread-safe. */
abstract sealed class FaultyService permits TelemetryService, FeatureFlagService {

    private static final long SLOW_MILLIS = 1_000;
    /** Exchanges without a response; the oldest is closed when there are more. */
    private static final int MAX_HANGING = 64;

    /**
     * A request to a service that works.
     *
     * @param body without compression
     * @param size bytes of the body as it came over the network
     * @param partial whether a part of the documents is to be called bad
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Request(String path, byte[] body, int size, boolean partial) {}

    private final Deque<HttpExchange> hanging = new ArrayDeque<>();
    private ServiceMode mode = ServiceMode.HEALTHY;
    private long requests;
    private long failed;

    /** How it responds at present. */
    public synchronized ServiceMode mode() {
        return mode;
    }

    /** Sets how it responds from now on. Closes the connections of requests that hang. */
    public synchronized void setMode(ServiceMode mode) {
        this.mode = mode;
        hanging.forEach(HttpExchange::close);
        hanging.clear();
    }

    /** Requests so far. */
    public synchronized long requests() {
        return requests;
    }

    /** Requests so far without a healthy response. */
    public synchronized long failedRequests() {
        return failed;
    }

    /** The response, or null where the exchange is closed or stays open without one. */
    final @Nullable Reply respond(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
        ServiceMode now = enter(exchange);
        switch (now) {
            case ERROR -> {
                return Reply.error(500, "INTERNAL_ERROR", "The service is broken");
            }
            case THROTTLED -> {
                exchange.getResponseHeaders().set("Retry-After", "1");
                return Reply.error(429, "REQUEST_LIMIT_EXCEEDED", "Too many requests");
            }
            case FORBIDDEN -> {
                return Reply.error(403, "PERMISSION_DENIED", "The token has no right to do this");
            }
            case GATEWAY_PAGE -> {
                return Reply.html(200, "<!doctype html><title>Sign in</title><p>Please sign in.");
            }
            case HANG -> {
                return null;
            }
            case REFUSE -> {
                exchange.close();
                return null;
            }
            case SLOW -> Thread.sleep(SLOW_MILLIS);
            case HEALTHY, PARTIAL -> {}
        }
        return healthy(new Request(
                exchange.getRequestURI().getPath(), plain(exchange, body), body.length, now == ServiceMode.PARTIAL));
    }

    private synchronized ServiceMode enter(HttpExchange exchange) {
        requests++;
        switch (mode) {
            case HEALTHY, SLOW, PARTIAL -> {}
            default -> failed++;
        }
        if (mode == ServiceMode.HANG) {
            hanging.addLast(exchange);
            if (hanging.size() > MAX_HANGING) {
                hanging.removeFirst().close();
            }
        }
        return mode;
    }

    private static byte[] plain(HttpExchange exchange, byte[] body) throws IOException {
        return "gzip".equalsIgnoreCase(exchange.getRequestHeaders().getFirst("Content-Encoding"))
                ? new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes()
                : body;
    }

    abstract Reply healthy(Request request) throws IOException;
}
