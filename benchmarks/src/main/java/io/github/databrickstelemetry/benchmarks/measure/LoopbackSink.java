package io.github.databrickstelemetry.benchmarks.measure;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/** An HTTP server on loopback that reads bodies, counts their bytes, and responds with a minimal 200. */
final class LoopbackSink implements AutoCloseable {

    private static final byte[] ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ServerSocket server;
    private final int buffer;
    private final LongAdder bytes = new LongAdder();
    private final LongAdder requests = new LongAdder();

    /** The name of its threads. */
    static final String THREAD = "sink";

    /** Listens on 127.0.0.1. */
    LoopbackSink() {
        this(new byte[] {127, 0, 0, 1}, 1 << 16);
    }

    private LoopbackSink(byte[] address, int buffer) {
        this.buffer = buffer;
        try {
            server = new ServerSocket(0, 1_024, InetAddress.getByAddress(address));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        daemon(this::accept).start();
    }

    /** Listens everywhere, so that all of 127.0.0.0/8 is there; has small buffers, as they are counted with the rest. */
    static LoopbackSink onManyAddresses() {
        return new LoopbackSink(new byte[] {0, 0, 0, 0}, 256);
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    long bytes() {
        return bytes.sum();
    }

    long requests() {
        return requests.sum();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                daemon(() -> serve(socket)).start();
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket;
                InputStream in = new BufferedInputStream(socket.getInputStream(), buffer);
                OutputStream out = socket.getOutputStream()) {
            byte[] piece = new byte[buffer];
            while (true) {
                long length = contentLength(in);
                if (length < 0) {
                    return;
                }
                for (long left = length; left > 0; ) {
                    int read = in.read(piece, 0, (int) Math.min(left, piece.length));
                    if (read < 0) {
                        return;
                    }
                    left -= read;
                }
                bytes.add(length);
                requests.increment();
                out.write(ANSWER);
                out.flush();
            }
        } catch (IOException closed) {
            // The client went away.
            Thread.onSpinWait();
        }
    }

    /** Reads a request's head; -1 at the end of the stream. */
    private static long contentLength(InputStream in) throws IOException {
        long length = 0;
        StringBuilder line = new StringBuilder(128);
        boolean any = false;
        for (int c = in.read(); c >= 0; c = in.read()) {
            any = true;
            if (c != '\n') {
                line.append((char) c);
                continue;
            }
            String text = line.toString().trim().toLowerCase(Locale.ROOT);
            if (text.isEmpty()) {
                return length;
            }
            if (text.startsWith("content-length:")) {
                length = Long.parseLong(text.substring(15).trim());
            }
            line.setLength(0);
        }
        return any ? length : -1;
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, THREAD);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
