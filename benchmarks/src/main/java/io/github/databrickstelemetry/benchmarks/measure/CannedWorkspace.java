package io.github.databrickstelemetry.benchmarks.measure;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * As little of a workspace as the real driver needs for {@code SELECT 1}: each response is ready, or waits for
 * a fixed time, and is one write; only the head of a request is parsed. So the client is measured and not the workspace.
 */
final class CannedWorkspace implements AutoCloseable {

    /** How telemetry requests are answered. All other requests get a healthy response. */
    enum Endpoint {
        /** 200. */
        HEALTHY,
        /** 500. */
        ERROR,
        /** Reads, and never responds. */
        HANG,
        /** Closes the connection without a response. */
        REFUSE
    }

    private static final String FLAG = "{\"flags\":[{\"name\":"
            + "\"databricks.partnerplatform.clientConfigsFeatureFlags.enableTelemetryForJdbc\",\"value\":\"true\"}],"
            + "\"ttl_seconds\":900}";
    private static final String THINK = "/think/";
    private static final String ONE_ROW = "\",\"status\":{\"state\":\"SUCCEEDED\"},\"manifest\":{\"format\":"
            + "\"JSON_ARRAY\",\"schema\":{\"column_count\":1,\"columns\":[{\"name\":\"1\",\"type_name\":\"INT\","
            + "\"type_text\":\"INT\",\"position\":0}]},\"total_chunk_count\":1,\"total_row_count\":1,\"chunks\":"
            + "[{\"chunk_index\":0,\"row_offset\":0,\"row_count\":1}]},\"result\":{\"chunk_index\":0,\"row_offset\":0,"
            + "\"row_count\":1,\"data_array\":[[\"1\"]]}}";

    private final ServerSocket server;
    private final ExecutorService executor = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "canned-workspace");
        thread.setDaemon(true);
        return thread;
    });
    private volatile long thinkNanos;
    private final AtomicLong ids = new AtomicLong();
    private final AtomicLong telemetryRequests = new AtomicLong();
    private volatile Endpoint endpoint = Endpoint.HEALTHY;

    CannedWorkspace() {
        try {
            server = new ServerSocket(0, 1_024, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        executor.execute(this::accept);
    }

    /**
     * The URI that sets the response time for the driver's requests. Telemetry and flag requests get their response at once.
     */
    static URI thinkFor(URI workspace, Duration think) {
        return workspace.resolve(THINK + think.toNanos());
    }

    void setEndpoint(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** Telemetry requests, with any response. */
    long telemetryRequests() {
        return telemetryRequests.get();
    }

    /** The driver's own telemetry is off in it. Any token will do. */
    String jdbcUrl() {
        return "jdbc:databricks://127.0.0.1:" + server.getLocalPort()
                + "/default;transportMode=http;ssl=0;AuthMech=3;UID=token;PWD=x;httpPath=/sql/1.0/warehouses/abc123"
                + ";UseThriftClient=0;EnableTelemetry=0;UseBoundedSeaApi=0;EnableThriftNativeMetadata=0";
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                executor.execute(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket;
                InputStream in = socket.getInputStream();
                OutputStream out = socket.getOutputStream()) {
            byte[] buffer = new byte[1 << 16];
            int filled = 0;
            while (true) {
                int end = endOfHead(buffer, filled);
                while (end < 0) {
                    int read = in.read(buffer, filled, buffer.length - filled);
                    if (read < 0) {
                        return;
                    }
                    filled += read;
                    end = endOfHead(buffer, filled);
                }
                String head = new String(buffer, 0, end, StandardCharsets.ISO_8859_1);
                int left = contentLength(head) - (filled - end);
                while (left > 0) {
                    int read = in.read(buffer, 0, Math.min(left, buffer.length));
                    if (read < 0) {
                        return;
                    }
                    left -= read;
                }
                // Clients do not pipeline, so the request ends where the read bytes end.
                filled = 0;
                if (!answer(head, out)) {
                    return;
                }
            }
        } catch (IOException closed) {
            // The client went away.
            Thread.onSpinWait();
        }
    }

    private static int endOfHead(byte[] buffer, int filled) {
        for (int i = 3; i < filled; i++) {
            if (buffer[i] == '\n' && buffer[i - 1] == '\r' && buffer[i - 2] == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    private static int contentLength(String head) {
        int at = head.toLowerCase(Locale.ROOT).indexOf("content-length:");
        return at < 0
                ? 0
                : Integer.parseInt(
                        head.substring(at + 15, head.indexOf('\r', at)).strip());
    }

    /** Whether the connection stays open. */
    private boolean answer(String head, OutputStream out) throws IOException {
        String request = head.substring(0, head.indexOf('\r'));
        if (request.contains("/telemetry-")) {
            telemetryRequests.incrementAndGet();
            switch (endpoint) {
                case HEALTHY -> write(out, "200 OK", "{}");
                case ERROR -> write(out, "500 Internal Server Error", "{}");
                case HANG -> {}
                case REFUSE -> {
                    return false;
                }
            }
            return true;
        }
        if (request.contains("/feature-flags/")) {
            write(out, "200 OK", FLAG);
            return true;
        }
        if (request.contains(THINK)) {
            int at = request.indexOf(THINK) + THINK.length();
            thinkNanos = Long.parseLong(request.substring(at, request.indexOf(' ', at)));
            write(out, "200 OK", "{}");
            return true;
        }
        if (thinkNanos > 0) {
            LockSupport.parkNanos(thinkNanos);
        }
        if (request.startsWith("DELETE") || request.contains("/cancel")) {
            write(out, "200 OK", "{}");
        } else if (request.contains("/statements")) {
            write(out, "200 OK", "{\"statement_id\":\"statement-" + ids.incrementAndGet() + ONE_ROW);
        } else if (request.contains("/sessions")) {
            write(out, "200 OK", "{\"session_id\":\"session-" + ids.incrementAndGet() + "\"}");
        } else {
            write(out, "404 Not Found", "{}");
        }
        return true;
    }

    private static void write(OutputStream out, String status, String body) throws IOException {
        out.write(("HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                        + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        executor.shutdownNow();
    }
}
