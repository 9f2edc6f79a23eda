package io.github.databrickstelemetry.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that may break every rule of HTTP. Reads whole requests, and then does as it is told. */
public final class RawServer extends LoopbackServer {

    /** What to do with a connection whose request has been read. */
    @FunctionalInterface
    public interface Behaviour {
        void answer(Socket socket) throws IOException;
    }

    /** A proper answer, after which the connection stays open. */
    public static final Behaviour OK = text("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile Behaviour behaviour;
    private volatile Behaviour onConnect = silence();

    public RawServer(Behaviour behaviour) {
        this(0, behaviour);
    }

    public RawServer(int port, Behaviour behaviour) {
        super(port);
        this.behaviour = behaviour;
        start();
    }

    public static Behaviour text(String answer) {
        return socket -> {
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
        };
    }

    /** Writes, then resets the connection. */
    public static Behaviour reset(String start) {
        return socket -> {
            text(start).answer(socket);
            socket.setSoLinger(true, 0);
            socket.close();
        };
    }

    /** Answers, then closes the connection without having said so. */
    public static Behaviour close(String answer) {
        return socket -> {
            text(answer).answer(socket);
            socket.close();
        };
    }

    public static Behaviour silence() {
        return socket -> {};
    }

    /** Writes, then one byte after the other, without end. */
    public Behaviour drip(String start) {
        return socket -> {
            text(start).answer(socket);
            ScheduledFuture<?> unused = timer.scheduleAtFixedRate(
                    () -> {
                        try {
                            socket.getOutputStream().write('x');
                        } catch (IOException gone) {
                            throw new IllegalStateException(gone);
                        }
                    },
                    5,
                    5,
                    TimeUnit.MILLISECONDS);
        };
    }

    public void behave(Behaviour how) {
        behaviour = how;
    }

    /** What to do before a request is read. */
    public void behaveOnConnect(Behaviour how) {
        onConnect = how;
    }

    /** How many requests have come. */
    public int requests() {
        return requests.get();
    }

    @Override
    void serve(Socket socket) throws IOException {
        onConnect.answer(socket);
        while (readRequest(socket.getInputStream()) != null) {
            requests.incrementAndGet();
            behaviour.answer(socket);
        }
    }

    /** The head of the next request, whose body has been read, too; null when there is none. */
    public static String readRequest(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < 4) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("closed");
            }
            head.write(b);
            matched = b == "\r\n\r\n".charAt(matched) ? matched + 1 : (b == '\r' ? 1 : 0);
        }
        String text = head.toString(StandardCharsets.ISO_8859_1);
        for (String line : text.split("\r\n", -1)) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                int length = Integer.parseInt(line.substring(15).strip());
                byte[] body = in.readNBytes(length);
                return text + new String(body, StandardCharsets.ISO_8859_1);
            }
        }
        return text;
    }

    @Override
    public void close() {
        timer.shutdownNow();
        super.close();
    }
}
