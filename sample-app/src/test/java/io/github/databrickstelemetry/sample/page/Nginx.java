package io.github.databrickstelemetry.sample.page;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.databrickstelemetry.sample.RunningSample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

/** nginx on loopback, as Debian packages it. A test is skipped where it is not installed. */
final class Nginx implements AutoCloseable {

    private static final Path PROGRAM = Path.of("/usr/sbin/nginx");

    private final Process process;
    private final int port;

    private Nginx(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts it.
     *
     * @param server what stands in the {@code server} block, without {@code listen}
     */
    static Nginx start(Path folder, String server) {
        assumeTrue(Files.isExecutable(PROGRAM), "nginx is not installed: the page is not tested behind it");
        try {
            int port = freePort();
            String temporary = "";
            for (String kind : new String[] {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
                temporary += kind + "_temp_path " + folder.resolve(kind) + ";";
            }
            Path configuration = Files.writeString(
                    folder.resolve("nginx.conf"),
                    "daemon off; master_process off; pid " + folder.resolve("nginx.pid") + "; error_log /dev/null;"
                            + "events {} http { access_log off; " + temporary + " server { listen 127.0.0.1:" + port
                            + "; " + server + "}}");
            Process process = new ProcessBuilder(
                            PROGRAM.toString(), "-p", folder.toString(), "-c", configuration.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("output").toFile())
                    .start();
            await().atMost(RunningSample.PATIENCE).until(() -> isListening(port) || !process.isAlive());
            if (!process.isAlive()) {
                throw new IllegalStateException(Files.readString(folder.resolve("output")));
            }
            return new Nginx(process, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static boolean isListening(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    String address() {
        return "http://127.0.0.1:" + port;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
