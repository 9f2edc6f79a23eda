package io.github.databrickstelemetry.sample.workspace;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Between the HTTP server and an endpoint: reads the body, checks the token, writes the answer. */
final class JsonHandler implements HttpHandler {

    /** Longer bodies are refused, as the real service does. */
    private static final int MAX_BODY = 16 * 1024 * 1024;

    /** A request as an endpoint sees it; {@code size} is the number of bytes that came over the network. */
    record Request(String method, String path, JsonNode body, int size, long receivedMillis) {}

    /** One endpoint. */
    interface Endpoint {
        Answer answer(Request request) throws InterruptedException;
    }

    private final @Nullable String token;
    private final Endpoint endpoint;

    /** With a token, requests need it; without, they are free. */
    JsonHandler(@Nullable String token, Endpoint endpoint) {
        this.token = token;
        this.endpoint = endpoint;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            long received = System.currentTimeMillis();
            byte[] raw = read(exchange.getRequestBody());
            write(exchange, answer(exchange, raw, received));
        }
    }

    private Answer answer(HttpExchange exchange, byte[] raw, long received) {
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        if (token != null && !("Bearer " + token).equals(authorization)) {
            return Answer.error(401, "UNAUTHENTICATED", "The access token is not valid");
        }
        if (raw.length > MAX_BODY) {
            return Answer.error(413, "REQUEST_LIMIT_EXCEEDED", "The request is too large");
        }
        try {
            byte[] body = raw;
            if ("gzip".equalsIgnoreCase(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
                body = read(new GZIPInputStream(new ByteArrayInputStream(raw)));
            }
            JsonNode json = body.length == 0 ? Json.object() : Json.read(body);
            return endpoint.answer(new Request(
                    exchange.getRequestMethod(), exchange.getRequestURI().getPath(), json, raw.length, received));
        } catch (IOException e) {
            return Answer.error(400, "MALFORMED_REQUEST", "The body cannot be read");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.error(503, "TEMPORARILY_UNAVAILABLE", "The workspace is stopping");
        } catch (RuntimeException e) {
            return Answer.error(500, "INTERNAL_ERROR", String.valueOf(e));
        }
    }

    private static byte[] read(InputStream in) throws IOException {
        return in.readNBytes(MAX_BODY + 1);
    }

    private static void write(HttpExchange exchange, Answer answer) throws IOException {
        byte[] body = Json.bytes(answer.body());
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(answer.status(), body.length);
        exchange.getResponseBody().write(body);
    }
}
