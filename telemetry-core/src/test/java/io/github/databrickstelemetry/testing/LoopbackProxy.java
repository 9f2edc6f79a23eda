package io.github.databrickstelemetry.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** An HTTP proxy: forwards plain requests, tunnels others, and sends everything to 127.0.0.1 whatever the host is. */
public final class LoopbackProxy extends LoopbackServer {

    private final @Nullable String required;
    private final List<String> heads = new CopyOnWriteArrayList<>();

    public LoopbackProxy(@Nullable String user, @Nullable String password) {
        super(0);
        required = user == null
                ? null
                : "Proxy-Authorization: Basic "
                        + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        start();
    }

    /** What came, the bodies of plain requests included. */
    public List<String> heads() {
        return heads;
    }

    @Override
    void serve(Socket client) throws IOException {
        try (client) {
            while (true) {
                String request = RawServer.readRequest(client.getInputStream());
                heads.add(request);
                if (required != null && !request.contains(required)) {
                    RawServer.text("HTTP/1.1 407 X\r\nProxy-Authenticate: Basic realm=p\r\nContent-Length: 0\r\n\r\n")
                            .answer(client);
                    continue;
                }
                String[] line = request.split(" ", 3);
                if (line[0].equals("CONNECT")) {
                    tunnel(client, Integer.parseInt(line[1].substring(line[1].lastIndexOf(':') + 1)));
                } else {
                    forward(client, request, URI.create(line[1]));
                }
                return;
            }
        }
    }

    private void tunnel(Socket client, int port) throws IOException {
        try (Socket target = new Socket(InetAddress.getLoopbackAddress(), port)) {
            RawServer.text("HTTP/1.1 200 Connection established\r\n\r\n").answer(client);
            executor.execute(() -> pump(target, client));
            client.getInputStream().transferTo(target.getOutputStream());
        }
    }

    private static void forward(Socket client, String request, URI uri) throws IOException {
        try (Socket target = new Socket(InetAddress.getLoopbackAddress(), uri.getPort())) {
            OutputStream out = target.getOutputStream();
            String head = request.replaceFirst(" \\S+ ", " " + uri.getRawPath() + " ")
                    .replaceFirst("\r\n", "\r\nConnection: close\r\n");
            out.write(head.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            // Says that it hangs up, or the next request would race the end of this connection.
            String answer = new String(target.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1)
                    .replaceFirst("\r\n", "\r\nConnection: close\r\n");
            client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
            client.getOutputStream().flush();
        }
    }

    private static void pump(Socket from, Socket to) {
        try (InputStream in = from.getInputStream()) {
            in.transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException gone) {
            Thread.onSpinWait();
        }
    }
}
