package io.github.databrickstelemetry.redeploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An application that reported statements is gone altogether once it is closed: its threads and its class loader. */
class RedeploymentTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    /** Whatever threads the application starts, and they in their turn, are in this group: nobody else's are. */
    private final ThreadGroup applications = new ThreadGroup("applications");

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private HttpServer workspace;

    @BeforeEach
    void start() throws IOException {
        workspace = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        workspace.createContext("/", this::answer);
        workspace.start();
    }

    @AfterEach
    void stop() {
        workspace.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            requests.add(exchange.getRequestMethod() + " " + body);
            byte[] flag = "{\"flags\":[{\"name\":\"flag\",\"value\":\"true\"}],\"ttl_seconds\":900}"
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, flag.length);
            exchange.getResponseBody().write(flag);
        }
    }

    @Test
    void anApplicationThatIsClosedLeavesNoThreadAndNoClassLoader() throws Exception {
        WeakReference<ClassLoader> loader = deployAndUndeploy();
        assertThat(new Compared(null)).isEqualTo(new Compared(null));

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(threadsOf(applications)).isEmpty());
        await().atMost(LONG).untilAsserted(() -> {
            System.gc();
            assertThat(loader.get()).isNull();
        });
    }

    /**
     * Java 17 keeps the type of the component of whatever record was last seen to be compared, and with it that
     * record's loader, until another one is. This is the other one.
     */
    private record Compared(@Nullable Compared component) {}

    /** On a thread of its own, so that nothing is left on the stack or in the thread locals of this one. */
    private WeakReference<ClassLoader> deployAndUndeploy() throws Exception {
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        ClassLoader[] loader = {new URLClassLoader("application", classPath(), ClassLoader.getPlatformClassLoader())};
        WeakReference<ClassLoader> reference = new WeakReference<>(loader[0]);
        Thread container = new Thread(applications, () -> live(loader[0]), "container");
        container.setContextClassLoader(loader[0]);
        container.setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
        container.start();
        container.join();
        assertThat(failures).isEmpty();
        assertThat(requests)
                .anyMatch(request -> request.startsWith("GET"))
                .anyMatch(request -> request.startsWith("POST") && request.contains("EXECUTE_STATEMENT"));
        loader[0] = null;
        return reference;
    }

    private void live(ClassLoader loader) {
        try {
            Class<?> type = loader.loadClass(DeployedApplication.class.getName());
            assertThat(type).isNotSameAs(DeployedApplication.class);
            Object application = type.getConstructor(String[].class).newInstance((Object) properties());
            type.getMethod("work").invoke(application);
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(requests).anyMatch(request -> request.startsWith("POST")));
            assertThat(threadsOf(applications)).isNotEmpty();
            type.getMethod("close").invoke(application);
        } catch (ReflectiveOperationException failure) {
            throw new LinkageError("The application has failed", failure);
        }
    }

    private String[] properties() {
        return new String[] {
            "logging.level.root=off",
            "spring.main.banner-mode=off",
            "spring.main.web-application-type=none",
            "spring.datasource.url=jdbc:h2:mem:redeployed;DB_CLOSE_ON_EXIT=FALSE",
            "databricks.telemetry.enabled=true",
            "databricks.telemetry.flush-interval=100ms",
            "databricks.telemetry.error-detail=frames",
            "databricks.telemetry.export.allow-http=true",
            "databricks.telemetry.export.allow-private-hosts=true",
            "databricks.telemetry.feature-flag.name=flag",
            "databricks.telemetry.hosts.local.host=http://127.0.0.1:"
                    + workspace.getAddress().getPort(),
            "databricks.telemetry.hosts.local.token=token",
            "databricks.telemetry.data-sources.dataSource.host=local"
        };
    }

    private static List<String> threadsOf(ThreadGroup group) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("databricks-telemetry-"))
                .filter(thread -> thread.getThreadGroup() == group)
                .map(Thread::getName)
                .toList();
    }

    private static URL[] classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(entry -> !isOfOracle(entry))
                .map(Path::toUri)
                .map(RedeploymentTest::url)
                .toArray(URL[]::new);
    }

    /** Oracle's driver registers a management bean for each loader that loads it, and never takes it back. */
    private static boolean isOfOracle(Path entry) {
        return entry.toString().contains("ojdbc");
    }

    private static URL url(URI uri) {
        try {
            return uri.toURL();
        } catch (MalformedURLException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
