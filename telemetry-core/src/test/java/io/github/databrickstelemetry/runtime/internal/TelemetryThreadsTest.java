package io.github.databrickstelemetry.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class TelemetryThreadsTest {

    private static final Guard GUARD = new Guard(LoggerFactory.getLogger(TelemetryThreadsTest.class));

    @Test
    void makesNamedDaemonsThatKeepNoApplicationAlive() throws Exception {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        InheritableThreadLocal<String> inherited = new InheritableThreadLocal<>();
        try (URLClassLoader application = new URLClassLoader(new URL[0])) {
            Thread.currentThread().setContextClassLoader(application);
            inherited.set("of the caller");
            String[] seen = new String[1];

            Thread thread = new TelemetryThreads("test", GUARD).newThread(() -> seen[0] = inherited.get());
            thread.start();
            thread.join();

            assertThat(thread.isDaemon()).isTrue();
            assertThat(thread.getName()).isEqualTo("databricks-telemetry-test-1");
            assertThat(thread.getContextClassLoader()).isNotSameAs(application);
            assertThat(seen[0]).isNull();
        } finally {
            Thread.currentThread().setContextClassLoader(before);
            inherited.remove();
        }
    }

    @Test
    void countsWhatEndsAThreadAndPrintsNothing() throws Exception {
        PrintStream before = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        long swallowed = GUARD.count();
        try {
            System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
            Thread thread = new TelemetryThreads("test", GUARD).newThread(() -> {
                throw new OutOfMemoryError("Java heap space");
            });
            thread.start();
            thread.join();
        } finally {
            System.setErr(before);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(GUARD.count()).isEqualTo(swallowed + 1);
    }
}
