package io.github.databrickstelemetry.workspace.internal;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.AbstractClientHttpRequest;
import org.springframework.http.client.ClientHttpResponse;

/**
 * One request on a connection of its own, sent and awaited on the calling thread.
 *
 * <p>Why no HTTP client of the JDK's: {@link java.net.http.HttpClient} runs TLS on a selector that all requests share, so
 * that one slow revocation check delays every host; {@link java.net.HttpURLConnection} writes the {@code Authorization}
 * header to the JVM's log, sends the application's cookies, and cannot be stopped from another thread. The requests here
 * need no more than a socket: one every 30 seconds, no redirects, no pool.
 */
final class SocketRequest extends AbstractClientHttpRequest {

    /** The longest time for a body, which the status does not need. */
    private static final Duration BODY_TIME = Duration.ofSeconds(2);

    /** Headers that this class writes itself. */
    private static final Set<String> OWN =
            Set.of("connection", "content-length", "expect", "host", "transfer-encoding", "upgrade");

    private final WorkspaceConnection connection;
    private final Deadlines deadlines;
    private final Duration timeout;
    private final URI uri;
    private final HttpMethod method;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    /** @param timeout of the name lookup, connection, request and response together */
    SocketRequest(WorkspaceConnection connection, Deadlines deadlines, Duration timeout, URI uri, HttpMethod method) {
        this.connection = connection;
        this.deadlines = deadlines;
        this.timeout = timeout;
        this.uri = uri;
        this.method = method;
    }

    @Override
    public HttpMethod getMethod() {
        return method;
    }

    @Override
    public URI getURI() {
        return uri;
    }

    @Override
    protected OutputStream getBodyInternal(HttpHeaders headers) {
        return body;
    }

    @Override
    protected ClientHttpResponse executeInternal(HttpHeaders headers) throws IOException {
        Future<?> deadline = abortAfter(timeout);
        try {
            return exchange(headers);
        } catch (IOException failure) {
            connection.throwIfAborted();
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted");
            }
            throw failure;
        } finally {
            deadline.cancel(false);
            connection.abandon();
        }
    }

    private Response exchange(HttpHeaders headers) throws IOException {
        Socket socket = connection.open();
        IOException unsent = send(headers, socket.getOutputStream());
        InputStream in = new BufferedInputStream(socket.getInputStream());
        ResponseReader.Head head = head(in, unsent);
        Future<?> deadline = abortAfter(BODY_TIME);
        try {
            return new Response(head, ResponseReader.readBody(head, in));
        } finally {
            deadline.cancel(false);
        }
    }

    /** The failure, or null if all was sent. A server may respond before it has read everything. */
    private @Nullable IOException send(HttpHeaders headers, OutputStream out) {
        try {
            out.write(requestHead(headers));
            out.write(body.toByteArray());
            out.flush();
            return null;
        } catch (IOException broken) {
            return broken;
        }
    }

    private static ResponseReader.Head head(InputStream in, @Nullable IOException unsent) throws IOException {
        try {
            return ResponseReader.readHead(in);
        } catch (IOException noResponse) {
            throw unsent == null ? noResponse : unsent;
        }
    }

    private byte[] requestHead(HttpHeaders headers) throws IOException {
        StringBuilder head = new StringBuilder(512).append(method.name()).append(' ');
        head.append(connection.isForwarded() ? uri.toASCIIString() : uri.getRawPath());
        head.append(" HTTP/1.1\r\nHost: ").append(uri.getRawAuthority()).append("\r\nConnection: close\r\n");
        if (HttpMethod.POST.equals(method)) {
            head.append("Content-Length: ").append(body.size()).append("\r\n");
        }
        String proxyAuthorization = connection.isForwarded() ? connection.proxyAuthorization() : null;
        if (proxyAuthorization != null) {
            head.append("Proxy-Authorization: ").append(proxyAuthorization).append("\r\n");
        }
        headers.forEach((name, values) -> {
            if (!OWN.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(
                        value -> head.append(name).append(": ").append(value).append("\r\n"));
            }
        });
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private Future<?> abortAfter(Duration time) {
        // Made now: there may be no memory when the time is over.
        SocketTimeoutException late = new SocketTimeoutException("deadline");
        return deadlines.after(time, () -> connection.abort(late));
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Response(ResponseReader.Head head, byte[] content) implements ClientHttpResponse {

        @Override
        public HttpStatusCode getStatusCode() {
            return HttpStatusCode.valueOf(head.status());
        }

        @Override
        public String getStatusText() {
            return "";
        }

        @Override
        public HttpHeaders getHeaders() {
            return head.headers();
        }

        @Override
        public InputStream getBody() {
            return new ByteArrayInputStream(content);
        }

        @Override
        public void close() {
            // Everything is in memory.
        }
    }
}
