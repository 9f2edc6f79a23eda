package io.github.databrickstelemetry.workspace.internal;

import io.github.databrickstelemetry.config.ExportSettings.HttpSettings;
import io.github.databrickstelemetry.config.TlsSettings;
import io.github.databrickstelemetry.config.TransportSettings.ProxySettings;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.WorkspaceHost;
import io.github.databrickstelemetry.workspace.internal.WorkspaceChannel.TunnelRefusedException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRequest;

/**
 * One request on a connection of its own: direct or through a proxy, with TLS. All of it is the work of the calling
 * thread: name lookup, connection, TLS handshake with its trust managers, request, response. {@link #abort} may be called
 * from any thread and never blocks. {@code docs/architecture.md} says why no HTTP client of the JDK is used.
 */
final class SocketExchange {

    /** The longest time for a body, which the status does not need. */
    private static final Duration BODY_TIME = Duration.ofSeconds(2);

    private final TelemetryTarget target;
    private final WorkspaceHost host;
    private final HttpSettings settings;
    private final WorkspaceHttp http;
    private final Proxy proxy;

    /** Below TLS: closing it does not wait for a write that is blocked. */
    private @Nullable Socket plain;

    private @Nullable IOException aborted;

    private @Nullable WorkspaceResponse response;

    /** @param uri of the request, for the JVM's choice of a proxy */
    SocketExchange(TelemetryTarget target, WorkspaceHttp http, URI uri) {
        this.target = target;
        this.host = target.host();
        this.settings = target.settings().export().http();
        this.http = http;
        this.proxy = proxy(target.transport().proxy(), uri);
    }

    private Proxy proxy(@Nullable ProxySettings configured, URI uri) {
        if (configured == null || configured.ignored().stream().anyMatch(this::matches)) {
            return Proxy.NO_PROXY;
        }
        if (configured.host() != null) {
            return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(configured.host(), configured.port()));
        }
        ProxySelector jvm = configured.system() ? ProxySelector.getDefault() : null;
        List<Proxy> choice = jvm == null ? List.of() : jvm.select(uri);
        return choice.isEmpty() ? Proxy.NO_PROXY : choice.get(0);
    }

    private boolean matches(String ignored) {
        String pattern = ignored.strip().toLowerCase(Locale.ROOT);
        return pattern.startsWith("*")
                ? host.host().endsWith(pattern.substring(1))
                : host.host().equals(pattern);
    }

    /** Sends the request and waits for the response. */
    WorkspaceResponse send(HttpRequest request, byte[] body) throws IOException {
        Future<?> deadline = abortAfter(settings.readTimeout());
        try {
            Socket socket = open();
            IOException unsent = write(request, body, socket.getOutputStream());
            response = read(new BufferedInputStream(socket.getInputStream()), unsent);
            return response;
        } catch (IOException failure) {
            throwIfAborted();
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted");
            }
            throw failure;
        } finally {
            deadline.cancel(false);
            abandon();
        }
    }

    /** Connects. */
    Socket open() throws IOException {
        Socket connected = connect();
        if (isPlain()) {
            return connected;
        }
        if (proxy.type() == Proxy.Type.HTTP) {
            openTunnel(connected);
        }
        return withTls(connected);
    }

    private Socket connect() throws IOException {
        IOException last = new UnknownHostException("no address");
        for (InetSocketAddress address : addresses()) {
            try {
                Socket socket = remember(new Socket(proxy.type() == Proxy.Type.SOCKS ? proxy : Proxy.NO_PROXY));
                socket.setTcpNoDelay(true);
                // A second bound, should the thread of the deadlines be out of memory.
                socket.setSoTimeout((int) settings.readTimeout().toMillis());
                socket.connect(address, (int) settings.connectTimeout().toMillis());
                return socket;
            } catch (IOException failure) {
                last = failure;
                abandon();
            }
        }
        throw last;
    }

    /** The addresses to try in turn. Only an HTTP proxy resolves the workspace's name for us. */
    private List<InetSocketAddress> addresses() throws IOException {
        if (proxy.type() == Proxy.Type.HTTP && proxy.address() instanceof InetSocketAddress known) {
            return List.of(new InetSocketAddress(known.getHostString(), known.getPort()));
        }
        if (proxy.type() == Proxy.Type.SOCKS && HostValidator.mayBeAnywhere(target)) {
            return List.of(InetSocketAddress.createUnresolved(host.host(), host.port()));
        }
        // The checked addresses themselves: a second lookup could give others.
        InetAddress[] checked = HostValidator.resolve(target, http.resolver);
        return Stream.of(checked)
                .map(address -> new InetSocketAddress(address, host.port()))
                .toList();
    }

    private void openTunnel(Socket socket) throws IOException {
        String authority = host.host() + ":" + host.port();
        HttpHeaders headers = new HttpHeaders();
        headers.set("Host", authority);
        authorizeAtProxy(headers);
        socket.getOutputStream().write(head("CONNECT", authority, headers));
        // Not buffered: the bytes after the head belong to TLS.
        WorkspaceResponse tunnel = WorkspaceResponse.readHead(socket.getInputStream());
        if (!tunnel.isSuccess()) {
            throw new TunnelRefusedException(tunnel.status());
        }
    }

    private Socket withTls(Socket socket) throws IOException {
        TlsSettings trust = target.transport().tls();
        if (trust instanceof TlsSettings.Unverified && !target.hostFromJdbcUrl()) {
            trust = null;
        }
        SSLSocket tls = (SSLSocket) http.tls
                .current(trust)
                .getSocketFactory()
                .createSocket(socket, host.host().replaceAll("[\\[\\]]", ""), host.port(), true);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm(trust instanceof TlsSettings.Unverified ? null : "HTTPS");
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        return tls;
    }

    /** Returns a failure instead of throwing it: the server may have responded before it has read everything. */
    private @Nullable IOException write(HttpRequest request, byte[] body, OutputStream out) {
        URI uri = request.getURI();
        // A proxy that forwards the request wants the whole URI.
        boolean forwarded = isPlain() && proxy.type() == Proxy.Type.HTTP;
        HttpHeaders headers = request.getHeaders();
        headers.set("Host", uri.getRawAuthority());
        headers.set("Connection", "close");
        headers.setContentLength(body.length);
        if (forwarded) {
            authorizeAtProxy(headers);
        }
        String path = forwarded ? uri.toASCIIString() : uri.getRawPath();
        try {
            out.write(head(request.getMethod().name(), path, headers));
            out.write(body);
            out.flush();
            return null;
        } catch (IOException broken) {
            return broken;
        }
    }

    /** These credentials are sent to the proxy only, never to the workspace. */
    private void authorizeAtProxy(HttpHeaders headers) {
        ProxySettings configured = target.transport().proxy();
        if (configured != null && configured.user() != null && configured.password() != null) {
            headers.set("Proxy-Authorization", basic(configured.user(), configured.password()));
        }
    }

    /** Basic authentication, as a header's value. */
    static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] head(String method, String path, HttpHeaders headers) {
        StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
        headers.forEach((name, values) -> {
            // Spring counts the body that a GET does not have.
            if (!method.equals("GET") || !name.equalsIgnoreCase("Content-Length")) {
                values.forEach(
                        value -> head.append(name).append(": ").append(value).append("\r\n"));
            }
        });
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private WorkspaceResponse read(InputStream in, @Nullable IOException unsent) throws IOException {
        WorkspaceResponse received;
        try {
            received = WorkspaceResponse.readHead(in);
        } catch (IOException noResponse) {
            throw unsent == null ? noResponse : unsent;
        }
        Future<?> deadline = abortAfter(BODY_TIME);
        try {
            received.readBody(in);
            return received;
        } finally {
            deadline.cancel(false);
        }
    }

    /** What {@link #send} has returned. */
    WorkspaceResponse response() {
        return Objects.requireNonNull(response);
    }

    private boolean isPlain() {
        return host.scheme().equals("http");
    }

    private synchronized Socket remember(Socket socket) throws IOException {
        plain = socket;
        throwIfAborted();
        return socket;
    }

    private synchronized void throwIfAborted() throws IOException {
        if (aborted != null) {
            abandon();
            throw aborted;
        }
    }

    private Future<?> abortAfter(Duration time) {
        // Made now: there may be no memory when the time is over.
        SocketTimeoutException late = new SocketTimeoutException("deadline");
        return http.after(time, () -> abort(late));
    }

    /**
     * Closes the connection, now or as soon as it is there.
     *
     * @param why the exception that the request fails with
     */
    synchronized void abort(IOException why) {
        aborted = aborted == null ? why : aborted;
        abandon();
    }

    /** Closes the connection, without TLS's closing message. */
    synchronized void abandon() {
        try {
            if (plain != null) {
                plain.close();
            }
        } catch (IOException alreadyBroken) {
            plain = null;
        }
    }
}
