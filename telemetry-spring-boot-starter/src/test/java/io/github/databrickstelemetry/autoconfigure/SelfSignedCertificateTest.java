package io.github.databrickstelemetry.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.databricks.client.jdbc.Driver;
import io.github.databrickstelemetry.client.TelemetryClientProvider;
import io.github.databrickstelemetry.standin.WorkspaceStandIn;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

/** A workspace behind a certificate that no authority has signed, and that names another host. */
class SelfSignedCertificateTest {

    private static final char[] PASSWORD = "changeit".toCharArray();

    private final WorkspaceStandIn workspace = WorkspaceStandIn.start();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @SuppressWarnings("NullAway.Init")
    private ServerSocket tls;

    @BeforeEach
    void listen(@TempDir Path folder) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(selfSigned(folder.resolve("keys.p12")), PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        tls = context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::forward);
    }

    @AfterEach
    void stop() throws IOException {
        tls.close();
        workspace.close();
        threads.shutdownNow();
    }

    private static KeyStore selfSigned(Path file) throws Exception {
        List<String> keytool = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=elsewhere",
                "-keystore",
                file.toString(),
                "-storepass",
                new String(PASSWORD));
        assertThat(new ProcessBuilder(keytool).start().waitFor()).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    /** To the workspace, which speaks no TLS. */
    private void forward() {
        while (!tls.isClosed()) {
            try {
                Socket client = tls.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), workspace.port());
                threads.execute(() -> copy(client, server));
                threads.execute(() -> copy(server, client));
            } catch (IOException closed) {
                // The test is over.
            }
        }
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
        } catch (IOException refusedOrOver) {
            // As a server that hangs up.
        }
    }

    private ApplicationContextRunner application(String parameters) {
        String url = workspace
                        .jdbcUrl()
                        .replace(":" + workspace.port(), ":" + tls.getLocalPort())
                        .replace("ssl=0", "ssl=1")
                + ";" + parameters;
        return Contexts.enabled()
                .withBean(DataSource.class, () -> new SimpleDriverDataSource(new Driver(), url))
                .withPropertyValues("databricks.telemetry.export.allow-private-hosts=true");
    }

    @Test
    void receivesTheTelemetryOfADataSourceThatAllowsIt() {
        application("AllowSelfSignedCerts=1").run(context -> {
            new JdbcTemplate(context.getBean(DataSource.class)).execute("SELECT 1");

            context.getBean(TelemetryClientProvider.class).clients().get(0).flush();

            await().untilAsserted(
                            () -> assertThat(workspace.telemetry().documents()).isPositive());
        });
    }

    @Test
    void getsNothingFromADataSourceThatDoesNot() {
        application("").run(context -> {
            JdbcTemplate jdbc = new JdbcTemplate(context.getBean(DataSource.class));

            assertThatThrownBy(() -> jdbc.execute("SELECT 1")).hasStackTraceContaining("SSLHandshakeException");

            assertThat(context.getBean(TelemetryClientProvider.class).clients()).isEmpty();
        });
        assertThat(workspace.requests()).isEmpty();
    }
}
