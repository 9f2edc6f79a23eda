package io.github.databrickstelemetry.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** nginx or squid on loopback, as Debian packages them. A test that starts one is skipped where it is not installed. */
public final class ForeignServer implements AutoCloseable {

    private final Process process;
    private final int port;

    private ForeignServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts nginx.
     *
     * @param server what stands in nginx's {@code server} block, without {@code listen}
     */
    public static ForeignServer nginx(Path folder, String server) {
        Path program = installed("/usr/sbin/nginx");
        int port = freePort();
        String temporary = "";
        for (String kind : List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) {
            temporary += kind + "_temp_path " + folder.resolve(kind) + ";";
        }
        Path configuration = write(
                folder.resolve("nginx.conf"),
                "daemon off; master_process off; pid " + folder.resolve("nginx.pid") + "; error_log /dev/null;"
                        + "events {} http { access_log off; " + temporary + " server { listen 127.0.0.1:" + port + "; "
                        + server + "}}");
        return start(port, folder, program.toString(), "-p", folder.toString(), "-c", configuration.toString());
    }

    /**
     * Starts squid.
     *
     * @param rules squid's directives about who may do what
     */
    public static ForeignServer squid(Path folder, String... rules) {
        Path program = installed("/usr/sbin/squid");
        int port = freePort();
        Path configuration = write(
                folder.resolve("squid.conf"),
                String.join(
                        "\n",
                        "http_port 127.0.0.1:" + port,
                        "visible_hostname test",
                        "pid_filename none",
                        "access_log none",
                        "cache_log /dev/null",
                        "cache_store_log none",
                        "cache deny all",
                        "netdb_filename none",
                        "pinger_enable off",
                        "shutdown_lifetime 0 seconds",
                        String.join("\n", rules),
                        ""));
        return start(port, folder, program.toString(), "-N", "-f", configuration.toString());
    }

    /** A script that all users may run, because squid gives up root. */
    public static Path script(Path folder, String text) {
        Path script = write(folder.resolve("script"), "#!/bin/sh\n" + text + "\n");
        try {
            for (Path path = folder; path != null && path.getNameCount() > 1; path = path.getParent()) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
            return script;
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    public int port() {
        return port;
    }

    private static Path installed(String program) {
        Path path = Path.of(program);
        Assumptions.assumeTrue(Files.isExecutable(path), program + " is not installed: apt-get install nginx squid");
        return path;
    }

    private static Path write(Path file, String text) {
        try {
            return Files.writeString(file, text);
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static ForeignServer start(int port, Path folder, String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("output").toFile())
                    .start();
            await().atMost(Duration.ofSeconds(30)).until(() -> isListening(port) || !process.isAlive());
            if (!process.isAlive()) {
                throw new IllegalStateException(Files.readString(folder.resolve("output")));
            }
            return new ForeignServer(process, port);
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static boolean isListening(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    /** A port on which nothing listens. */
    public static int freePort() {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("does not end");
            }
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }
}
