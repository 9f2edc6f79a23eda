package io.github.databrickstelemetry.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Accepts connections on loopback, each served on a thread of its own. */
abstract class LoopbackServer implements AutoCloseable {

    final ExecutorService executor = Executors.newCachedThreadPool();
    private final ServerSocket server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    LoopbackServer(int port) {
        try {
            server = new ServerSocket(port, 100, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Begins to accept. The last line of a constructor. */
    final void start() {
        executor.execute(this::accept);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                sockets.add(socket);
                executor.execute(() -> serveUntilGone(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serveUntilGone(Socket socket) {
        try {
            serve(socket);
        } catch (IOException gone) {
            sockets.remove(socket);
        }
    }

    /** Serves one connection. An exception means that the peer is gone. */
    abstract void serve(Socket socket) throws IOException;

    public int port() {
        return server.getLocalPort();
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException alreadyGone) {
            throw new IllegalStateException(alreadyGone);
        } finally {
            executor.shutdownNow();
        }
    }
}
