package io.github.databrickstelemetry.workspace.internal;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
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

    private final WorkspaceConnection connection;
    private final URI uri;
    private final HttpMethod method;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    SocketRequest(WorkspaceConnection connection, URI uri, HttpMethod method) {
        this.connection = connection;
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
        Future<?> deadline = connection.abortAfter(connection.readTimeout());
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

    private SocketResponse exchange(HttpHeaders headers) throws IOException {
        Socket socket = connection.open();
        IOException unsent = send(headers, socket.getOutputStream());
        InputStream in = new BufferedInputStream(socket.getInputStream());
        SocketResponse response = readHead(in, unsent);
        Future<?> deadline = connection.abortAfter(BODY_TIME);
        try {
            response.readBody(in);
            return response;
        } finally {
            deadline.cancel(false);
        }
    }

    /** The failure, or null if all was sent. A server may respond before it has read everything. */
    private @Nullable IOException send(HttpHeaders headers, OutputStream out) {
        try {
            out.write(head(headers).getBytes(StandardCharsets.ISO_8859_1));
            out.write(body.toByteArray());
            out.flush();
            return null;
        } catch (IOException broken) {
            return broken;
        }
    }

    private static SocketResponse readHead(InputStream in, @Nullable IOException unsent) throws IOException {
        try {
            return SocketResponse.readHead(in);
        } catch (IOException noResponse) {
            throw unsent == null ? noResponse : unsent;
        }
    }

    private String head(HttpHeaders headers) {
        headers.set("Host", uri.getRawAuthority());
        headers.set("Connection", "close");
        if (HttpMethod.POST.equals(method)) {
            headers.setContentLength(body.size());
        }
        String proxyAuthorization = connection.isForwarded() ? connection.proxyAuthorization() : null;
        if (proxyAuthorization != null) {
            headers.set("Proxy-Authorization", proxyAuthorization);
        }
        StringBuilder head = new StringBuilder(512)
                .append(method.name())
                .append(' ')
                .append(connection.isForwarded() ? uri.toASCIIString() : uri.getRawPath())
                .append(" HTTP/1.1\r\n");
        headers.forEach((name, values) -> values.forEach(
                value -> head.append(name).append(": ").append(value).append("\r\n")));
        return head.append("\r\n").toString();
    }
}
