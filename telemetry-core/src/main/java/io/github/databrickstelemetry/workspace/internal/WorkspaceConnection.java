package io.github.databrickstelemetry.workspace.internal;

import io.github.databrickstelemetry.config.ExportSettings.HttpSettings;
import io.github.databrickstelemetry.config.TlsSettings;
import io.github.databrickstelemetry.workspace.TelemetryTarget;
import io.github.databrickstelemetry.workspace.WorkspaceHost;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a workspace for one request: direct or through a proxy, with TLS. {@link #open} resolves the name,
 * connects and makes the TLS handshake, trust managers included, on the calling thread. {@link #abort} may be called from
 * any thread and never blocks.
 */
final class WorkspaceConnection {

    private final TelemetryTarget target;
    private final HostValidator validator;
    private final TlsContexts contexts;
    private final Proxy proxy;

    /** Below TLS: closing it does not wait for a write that is blocked. */
    private @Nullable Socket plain;

    private @Nullable IOException aborted;

    /** @param uri of the request, for the choice of a proxy */
    WorkspaceConnection(TelemetryTarget target, HostValidator validator, TlsContexts contexts, URI uri) {
        this.target = target;
        this.validator = validator;
        this.contexts = contexts;
        this.proxy = Proxies.select(target.transport().proxy(), uri);
    }

    /** True if an HTTP proxy forwards the request, whose first line then names the whole URI. */
    boolean isForwarded() {
        return proxy.type() == Proxy.Type.HTTP && target.host().scheme().equals("http");
    }

    /** The value of {@code Proxy-Authorization}, or null. It is sent to the proxy only, never to the workspace. */
    @Nullable
    String proxyAuthorization() {
        return proxy.type() == Proxy.Type.HTTP
                ? Proxies.authorization(target.transport().proxy())
                : null;
    }

    /**
     * Connects.
     *
     * @throws HostValidator.HostRefusedException if the host may not be contacted
     * @throws TunnelRefusedException if a proxy refuses
     */
    Socket open() throws IOException {
        Socket connected = connect();
        if (target.host().scheme().equals("http")) {
            return connected;
        }
        if (proxy.type() == Proxy.Type.HTTP) {
            openTunnel(connected);
        }
        return withTls(connected);
    }

    private Socket connect() throws IOException {
        HttpSettings settings = target.settings().export().http();
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
        WorkspaceHost host = target.host();
        if (HostValidator.mayBePrivate(target) && proxy.type() == Proxy.Type.SOCKS) {
            return List.of(InetSocketAddress.createUnresolved(host.host(), host.port()));
        }
        List<InetSocketAddress> addresses = new ArrayList<>();
        // The checked addresses themselves: a second lookup could give others.
        for (InetAddress address : validator.resolve(target)) {
            addresses.add(new InetSocketAddress(address, host.port()));
        }
        return addresses;
    }

    private void openTunnel(Socket socket) throws IOException {
        String authority = target.host().host() + ":" + target.host().port();
        String authorization = proxyAuthorization();
        String head = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n"
                + (authorization == null ? "" : "Proxy-Authorization: " + authorization + "\r\n") + "\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
        // Not buffered: the bytes after the head belong to TLS.
        int status = ResponseReader.readHead(socket.getInputStream()).status();
        if (status < 200 || status > 299) {
            throw new TunnelRefusedException(status);
        }
    }

    private Socket withTls(Socket socket) throws IOException {
        WorkspaceHost host = target.host();
        TlsSettings settings = target.transport().tls();
        boolean unverified = settings instanceof TlsSettings.Unverified;
        if (unverified && !target.hostFromJdbcUrl()) {
            settings = null;
            unverified = false;
        }
        SSLSocket tls = (SSLSocket) contexts.current(settings)
                .getSocketFactory()
                .createSocket(socket, host.host().replaceAll("[\\[\\]]", ""), host.port(), true);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm(unverified ? null : "HTTPS");
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        return tls;
    }

    private synchronized Socket remember(Socket socket) throws IOException {
        plain = socket;
        throwIfAborted();
        return socket;
    }

    /** Throws the exception that the connection was aborted with, if it was. */
    synchronized void throwIfAborted() throws IOException {
        if (aborted != null) {
            abandon();
            throw aborted;
        }
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
